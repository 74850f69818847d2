"""Records as tools write them, to be changed in place."""

NAMES = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-NEW", "I-NEW")
SAMPLES = {
    "jsonl, further keys, numbers as they are": '{"id": 1e2, "text":"Ada left Lagos.", "spans": [ {"end":3,"start":0, '
    '"label":"PER","note":"x"} ,{"start": 9, "end": 14, "label": "LOC"}],"big": 123456789012345678901, "f": 1.0}\r\n'
    '\n{"text": "", "id": 2}\n{"id": 3, "text": "So?"}',
    "jsonl, written over lines": '{\n  "text": "Ada left Lagos.",\n  "spans": [\n    {"start": 0, "end": 3, "label": '
    '"PER"},\n    {"start": 9, "end": 14, "label": "LOC"}\n  ],\n  "id": "\\u00e4"\n}\n{"text": "b"}\n',
    "jsonl, an array": '[ {"text": "Ada left.", "spans": [{"start":0,"end":3,"label":"PER"}]} ,\n{"text":"c"}]\n\n',
    "jsonl, a key in escapes, which another object has": '{"text": "Ada left.", "meta": {"spans": [{"label": "A"}], '
    '"b": "c"}, "sp\\u0061ns": [{"start": 0, "end": 3, "label": "PER"}]}\n{"text": "b", "meta": {"spans": []}}\n',
    "UTF-16": '{"text":"😀 Ada 😀","spans":[{"start":3,"end":6,"label":"P"},{"start":7,"end":9,"label":"A"}]}\n',
    "prodigy": '{"text":"Ada left.","meta":{"doc":"a","page":3},"_input_hash":-1187,"tokens":[{"text":"Ada","start":0,'
    '"end":3,"id":0},{"text":"left","start":4,"end":8,"id":1},{"text":".","start":8,"end":9,"id":2}],"spans":[{"start"'
    ':0,"end":3,"label":"PER","token_start":0,"token_end":0}],"answer":"accept"}\n'
    '{"text":"Bo left.","spans":[{"start":0,"end":2,"label":"PER"}],"answer":"reject"}\n'
    '{"text":"c","answer":"accept"}\n',
    "doccano": '{"id": 101, "text": "Ada left.", "label": [[0, 3, "PER"]], "url": null}\n'
    '{"id": 104, "text": "Oslo.", "label": []}\n',
    "doccano, objects": '{"text":"Ada left.","entities":[{"id":7,"label":"PER","start_offset":0,"end_offset":3}],'
    '"relations":[],"Comments":[]}\n',
    "spacy-jsonl": '{"text": "Ada left.", "entities": [[0, 3, "PER"]], "meta": {"a": [1, 2]}}\n',
    "spacy-jsonl, objects": '{"text": "Ada left.", "entities": [{"end": 3, "start": 0, "label": "PER"}], "n": 1.0}\n',
    "spaCy's pairs": '[["Ada left.", {"entities": [[0, 3, "PER"]], "cats": {}}],\n ["b", {"entities": []}]]\n',
    "spacy-jsonl, ents": '{"text": "Ada left.", "ents": [{"start": 0, "end": 3, "label": "PER", "kb_id": ""}]}\n',
    "label-studio": '[\n {"id": 11,\n  "data": {"text": "Ada left.", "doc": "k"},\n  "annotations": [\n   {"id": 5,'
    '\n    "result": [\n     {"id": "r", "type": "labels", "from_name": "l", "to_name": "t",\n      "value": {"start": '
    '0, "end": 3, "text": "Ada", "labels": ["PER"]}}\n    ]}\n  ]},\n {"data": {"text": "b"}}\n]\n',
    "label-studio, JSON_MIN": '[{"id":1,"text":"Ada left.","ner":[{"start":0,"end":3,"text":"Ada","labels":["PER"]}],'
    '"annotator":1}]',
    "gliner": '[{"tokenized_text":["Ada","left","Lagos"],"ner":[[0,0,"PER"],[2,2,"LOC"]],"negatives":["x"]}]',
    "hf": '{"id": "0", "tokens": ["Ada", "Lee", "left"], "ner_tags": ["B-PER", "I-PER", "O"], "year": 2019.0}\n'
    '{"tokens":["So"],"ner_tags":["O"]}\n{"tokens": [], "ner_tags": []}\n',
    "hf, numbers": '{"id":"0","tokens":["Ada","Lee"],"pos_tags":[1,2],"ner_tags":[1,2]}\n',
}
