"""GLiNER: models that find the labels they are asked for by name; read from their ONNX graphs, without the package.

The prompt and the text are read together: the labels' names, each behind a marker, then the words. A graph says of
stretches of words, or of each word, how well they fit each label.
"""
