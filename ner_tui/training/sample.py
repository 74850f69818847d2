"""Text on which a fast copy is held against its checkpoint: news, minutes, letters, posts, and four other languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

SAMPLE = """\
The council of Bristol voted on Tuesday to lend the Harbour Museum Trust two million pounds. Dame Philippa Croft, who
chairs the trust, said that work on the Old Customs House would begin in March. "We have waited nine years for this,"
she told the Western Evening Courier. Tunde Adebayo-Hall, the treasurer, was less sure: without the Heritage Lottery
Fund there would be no roof.

Kestrel Instruments plc of Leeds has sold its camera division to Hoshizora KK, a maker of lenses in Sendai, Japan, for
$41.5 million. Shares in Kestrel rose 7 percent to 312 pence in London. The Japanese firm, which employs 1,200 people,
will keep the plant in Southampton. Analysts at Baring & Holt called the price "generous". Nadia El-Sayed, head of
detectors, will move to the CERN laboratory near Geneva.

LISBON 1996-08-24
Results of the second round of the Portuguese Open (prefix number denotes seeding):
1 - Marta Okafor (Nigeria) beat Lena Brandt (Germany) 6-3 6-4
Ana Ribeiro (Portugal) beat 5 - Chloe Martin (France) 2-6 7-6 ( 7-4 ) 6-1

Sporting Almada drew 2-2 with Real Valmar on Saturday. Okonkwo scored twice for the visitors before half-time, and
Castellanos was sent off. The Brazilian, who joined from Santos in June, will miss the match against FC Nordhavn.

Dear Jonas, thank you for the drawings - they reached Farouk in Alexandria before they reached me. The two KX-400
cameras left with Maersk on Friday and should be in Rotterdam by Wednesday; from there Gebrüder Egli AG takes them to
Basel. Please tell Dr. Marchetti that the EUR.1 form has to be in German. Lunch is at Whitelock's, and Prof. Adeyemi of
the University of Sheffield joins us afterwards to talk about the European Spallation Source.

just landed in Manchester and it's raining lol @tom_b #MUFC you owe me a pint at the Crown and Anchor
anyone else think the new Arctic Foxes album sounds like early Radiohead?? saw them in Brooklyn last night, unreal
RT @nasa_fan: the James Webb telescope found WHAT near Jupiter

The United Nations Security Council met in New York after the talks between Ethiopia and Sudan had failed. The Sudanese
delegate, Ibrahim al-Tayeb, blamed Addis Ababa. Russia and China abstained; France, which had drafted the text with the
United Kingdom, called the vote a success for the African Union. The World Food Programme says that 400,000 people in
Darfur and Kassala need help before the rains.

Article 12 of the Treaty of Ghent does not apply here, the Court of Appeal held in Meyer v. Northern Rail Ltd. Lord
Justice Penhallow gave the leading judgment. The Department for Transport said it would study the ruling.

Patients were given 20 mg of the drug at St. Mary's Hospital between 3 May and 9 June 2014. None of them had travelled
outside Europe. The study was paid for by the Wellcome Foundation and Roche, and no author holds shares in either.

It was raining again. She closed the window, sat down on the bed and thought of nothing in particular. The kettle
boiled. Somebody was walking about upstairs, to and fro, as they did every night, and the river went on as before.
"Is that you, Edgar?" called Mrs. Thorne from the kitchen. He did not answer; he was reading about the siege of Malta.

Die Stadtwerke Leipzig und die Deutsche Bahn bauen bis 2027 ein neues Umspannwerk in Halle. Ministerin Claudia Reimann
aus Dresden lobte den Vertrag.
La ministre Aïcha Benhaddou a quitté Paris pour Rabat, où elle rencontrera les dirigeants de la Banque africaine.
El alcalde de Sevilla, Joaquín Morales, inauguró el jueves el nuevo museo de la Universidad de Granada.
東京電力は大阪の工場を売却すると発表した。
"""

LONGEST = 128
"""Sub-tokens of a window."""


def windows(encode: Callable[[str], Sequence[int]]) -> list[list[int]]:
    """Return the paragraphs as sub-tokens, cut off where they are long.

    Args:
        encode: returns the sub-tokens of a text, special ones included.
    """
    return [list(encode(paragraph))[:LONGEST] for paragraph in SAMPLE.split("\n\n") if paragraph.strip()]
