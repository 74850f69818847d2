"""English words that end in a full stop of their own, and words that begin sentences."""

from __future__ import annotations

from typing import Final

BEFORE_A_NAME: Final = frozenset(
    "Mr Mrs Ms Messrs Mx Dr Drs Prof Profs Rev Revd Fr Hon Sen Sens Rep Reps Gov Govs Pres Atty Gen Lt Col Maj Capt "
    "Cpl Sgt Cmdr Adm Brig Pvt Supt Insp Det St Ste Mt Ft Sr Sra Srta Mme Mlle Mgr Ald Amb".split()
)
"""Titles and the like: a name follows, so their stop never ends a sentence while a word follows."""

CAPITALISED: Final = frozenset(
    "Jr Esq Inc Ltd Co Corp Cos Bros Assn Dept Univ Inst Natl Intl Ave Blvd Rd Hwy Pkwy Bldg Apt Sts Ext Tel Attn Jan "
    "Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Weds Thu Thur Thurs Fri Sat Sun Ala Ariz Calif "
    "Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Mo Mont Neb Nev Okla Ont Ore Pa Penn Que Tenn Tex Va Vt "
    "Wash Wis Wyo Vol Vols Sec Ch Fig Figs Eq Ed Eds Art Para Conf Proc Spec Govt Ph".split()
)
"""Abbreviations only where the first letter is a capital: ``Sun.``, ``Mass.``, ``Art.`` beside sun, mass, art."""

ANY_CASE: Final = frozenset(
    "etc vs viz cf al approx est incl excl esp eg ie resp misc dept govt assn yr yrs hr hrs mins secs wk wks mos lb "
    "lbs oz tbsp tsp sq pp vol vols ext tel fig figs ed eds rev arr arrv dep ave blvd inc ltd corp bros jr sr mr mrs "
    "ms dr prof ps pvt asst mfg mgmt mtg".split()
)
"""Abbreviations in any case."""

BEFORE_MORE: Final = frozenset("e.g i.e a.k.a p.s p.p.s".split())
"""Abbreviations with full stops inside that something always follows."""

AFTER_ALL: Final = frozenset({"etc"})
"""Abbreviations that close what they belong to: any capital after them begins a sentence."""

BEFORE_A_NUMBER: Final = frozenset("No Nos no nos Art art p pp Pp ca c par".split())
"""Abbreviations only in front of a number."""

SENTENCE_STARTERS: Final = frozenset(
    "A About After All Also Although An And Any Are As At Because Before Both But By Can Could Did Do Does During "
    "Each Either Even Every For From Had Has Have He Her Here His How However I If In Is It Its Just Let Many Maybe "
    "Meanwhile More Moreover Most Much My Neither Never Nevertheless No Nobody None Not Nothing Now Of On Once One "
    "Only Or Other Our Perhaps Please Several She Should Since So Some Someone Sometimes Soon Still Such Thank Thanks "
    "That The Their Then There Therefore These They This Those Though Through Thus To Today Under Unfortunately "
    "Unless Until Was We Well Were What When Where Whether Which While Who Why Will With Without Would Yes Yet You "
    "Your".split()
)
"""Capitalised words that after an abbreviation begin a sentence far more often than they are part of a name."""

HYPHEN_PREFIXES: Final = (
    "agro ante anti arch bi bio co counter cross cyber de e eco ex extra inter intra macro mega micro mid mini mono "
    "multi neo non over pan para peri post pre pro pseudo psycho quasi re semi socio sub super tri ultra un uni vice x"
).split()
"""Prefixes that are one token with what follows their hyphen (``non-profit``); other hyphens are tokens."""

HYPHEN_SUFFIXES: Final = "esque fest fold wise".split()
"""Suffixes that are one token with what precedes their hyphen (``career-wise``)."""

SIGN_OFFS: Final = frozenset(
    "best,best regards,best wishes,cheers,kind regards,kindest regards,many thanks,regards,respectfully,sincerely,"
    "sincerely yours,thank you,thanks,thanks again,warm regards,yours faithfully,yours sincerely,yours truly".split(",")
)
"""What is written, with a comma, before the name at the end of a letter."""
