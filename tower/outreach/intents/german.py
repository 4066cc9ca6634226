"""What people say in German."""

from tower.outreach.intents.speech import Speech, one_of

_DAYS = one_of(
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag"
)
_OUR = one_of("der", "dem", "die", "das", "den", "unser\\w*", "mein\\w*", "ihr\\w*")
_INSIDE = one_of(
    "garage", "carport", "schuppen", "gartenhaus", "gartenhauschen", "garten", "terrasse",
    "balkon", "veranda", "keller", "treppenhaus", "briefkasten", "milchkasten", "paketbox",
    "paketkasten", "ablagebox", "box", "hof", "hinterhof", "buro", "empfang", "rezeption",
    "wintergarten", "scheune", "eingang", "hauseingang", "vorraum", "laden", "kiosk",
)  # fmt: skip
_BESIDE = one_of(
    "haus", "hauses", "haustur", "hausture", "tur", "ture", "garage", "gartenhaus", "schuppen",
    "treppe", "vordach", "carport", "mulltonne", "tonne", "bank", "fussmatte", "terrasse", "tor",
    "terrassentur", "hintertur", "kellertur", "wohnungstur", "eingang", "hauseingang",
)  # fmt: skip
_SOMEONE = one_of(
    "nachbar", "nachbarn", "nachbarin", "hausmeister", "hauswart", "portier", "pfortner",
    "pforte", "empfang", "rezeption", "concierge", "kiosk", "backerei",
)  # fmt: skip
_OCLOCK = r"\d{1,2}(?:[:.]\d\d)?(?: ?uhr)?"

GERMAN = Speech(
    fillers=(
        "und", "oder", "aber",
        "ok", "okay", "ja", "gut", "hallo", "hoi", "gruezi", "guten (?:tag|morgen|abend)", "danke",
        "vielen dank", "besten dank", "bitte", "gerne", "gern", "super", "perfekt", "alles klar",
        "kein problem", "passt", "passt schon", "liebe grusse", "lg", "mfg", "merci", "dann",
        "herzlichen dank", "danke schon", "einfach",
    ),
    wait=(
        "ich warte", "warte", "wir warten", "ich werde warten", "ich kann warten",
        "wir konnen warten", "kann warten", "warten",
        "(?:ich )?bin (?:heute |den ganzen tag )?(?:da|zuhause|zu hause|daheim)",
        "wir sind (?:heute |den ganzen tag )?(?:da|zuhause|zu hause|daheim)",
        "(?:es )?ist jemand (?:da|zuhause|zu hause)",
        "jemand ist (?:da|zuhause|zu hause)",
    ),
    wait_on=(
        "zuhause", "zu hause", "daheim", "hier", "auf sie", "auf euch", "noch", "solange",
        f"bis {_OCLOCK}", "den ganzen tag", "heute", "auf die lieferung", "auf das paket",
    ),
    day=(
        f"(?:am |nachsten |kommenden )?{_DAYS}", "ubermorgen", "heute abend", "heute nachmittag",
        "(?:in der )?nachste woche", f"(?:am )?{_DAYS}(?:vormittag|nachmittag|abend)",
        "morgen (?:fruh|vormittag|mittag|nachmittag|abend)",
    ),
    greeting_day=("morgen",),
    time=(
        f"(?:um|ab|nach|vor|gegen) {_OCLOCK}", f"zwischen {_OCLOCK} und {_OCLOCK}",
        f"(?:von )?{_OCLOCK} ?(?:-|bis) ?{_OCLOCK}", "(?:am )?(?:vormittag|nachmittag|abend)",
        "vormittags", "nachmittags", "abends", "mittags",
    ),
    other_time=(
        ("(?:eine[nm]? |an einem )?ander(?:e|er|en|es) (?:zeit|tag|termin|datum|zeitfenster"
        "|uhrzeit)"),
        "(?:einen? )?neuen? termin", "(?:termin )?verschieben", "an einem anderen tag",
    ),
    time_lead=(
        "lieber", "besser", "bitte", "erst", "bitte erst", "geht(?: es)?", "ginge(?: es)?",
        "passt(?: es)?", "(?:konnen|konnten|wurden) sie", "(?:konnt|konntet) ihr", "kommen sie",
        "kommt", "liefern sie", "bringen sie es", "gerne", "mir passt", "mir ware", "am liebsten",
        "auf", "konnen wir", "wurde gerne", "ich mochte(?: gerne)?", "ich brauche",
    ),
    time_trail=(
        "bitte", "lieber", "geht(?: es)?", "ginge", "passt(?: mir)?(?: besser| gut)?",
        "ware(?: mir)? (?:besser|gut|lieber|super|ideal)", "liefern", "kommen", "bringen",
        "zustellen", "haben", "vereinbaren", "verschieben", "besser", "mochte ich", "brauche ich",
    ),
    leave=(
        "(?:legen|lassen|stellen|deponieren|geben) sie", "leg\\w?", "lass\\w?", "lasst",
        "stell\\w?",
        "(?:konnen|konnten) sie", "sie konnen", "konnt ihr", "ihr konnt", "es", "sie",
        "das paket", "paket", "die lieferung", "bitte", "einfach", "gerne", "am besten", "ihn",
        "darf", "durfen sie", "kann", "ab", "hin", "rein", "ablegen", "abstellen", "legen",
        "hinlegen",
        "hinstellen", "stellen", "lassen", "deponieren", "abgeben", "liegen lassen", "reinlegen",
    ),
    place=(
        f"(?:hinter|vor|neben|unter|bei|hinters|vors|an|auf) (?:{_OUR} )?{_BESIDE}",
        f"(?:in|im|ins|auf|am) (?:{_OUR} )?{_INSIDE}",
        f"(?:bei|beim|zu|zum|zur|durch|an) (?:{_OUR} )?{_SOMEONE}",
    ),
    other_place=("(?:an einen? |ein )?sicherer? (?:ort|platz)", "ablageort", "abstellort"),
    place_on=(
        "(?:links|rechts|hinten|vorne|oben|unten|nebenan|gegenuber)",
        ("(?:links|rechts|neben|hinter|vor|unter|von|vom|im|in|am|an|auf|bei|beim|unten|des|der) "
        f"(?:{_OUR} )?(?!\\w*code)[\\w.-]+"),
        "(?:frau|herr|herrn|familie|fam\\.?) [\\w-]+", "nr\\.? ?\\d+", "\\d\\. stock",
        "geht", "ist ok", "ware gut",
    ),
    where=(
        ("wo (?:ist|bleibt|steckt|sind)(?: denn)? (?:mein|meine|das|die|der|unser|unsere|ihr)"
        " (?:paket|lieferung|bestellung|sendung|fahrer|ware|packchen|lieferwagen)"),
        "wo (?:seid ihr|sind sie|bleibt ihr|bleiben sie)",
        ("wann (?:kommt|kommen|trifft|ist|seid|liefert|liefern|wird)(?: denn)? (?:ihr|sie|es"
        "|(?:das|die|der|mein|meine|unser|unsere|euer|ihr) "
        "(?:paket|lieferung|bestellung|sendung|fahrer|ware))"
        "(?: (?:denn|heute|endlich|genau|jetzt|an|da|hier|ungefahr|geliefert))*"),
        ("wie lange (?:dauert(?: es| das)?|geht(?: es| das)?|noch|muss ich(?: noch)? warten)"
        "(?: (?:denn|noch|jetzt))*"),
        "um wie ?viel uhr (?:kommt|kommen) (?:ihr|sie|es|das paket|die lieferung)",
    ),
    code=(
        "code", "kode",
        "(?:tur|tor|haustur|zugangs|zutritts|eingangs|haus|tur-|tor-|schlussel)code",
        "pin",
    ),
    other_code=(
        "\\w*(?:bestell|sendungs|tracking|rabatt|gutschein|abhol|kunden|auftrags|paket)\\w*",
        "postleitzahl", "plz", "qr", "bank\\w*", "karte\\w*",
    ),
    code_gap=(
        "ist", "lautet", "der", "die", "das", "dem", "am", "an", "zum", "zur", "fur", "vom", "von",
        "tor", "tur", "ture", "haustur", "eingang", "haus", "hier", "unten", "bei", "nummer", "nr",
        "schlusselbox", "garage", "wie folgt", "furs", "isch", "ist:", "also",
    ),
    door=("tur", "klingel", "wohnung", "top"),
    negation=(
        "nicht", "kein\\w*", "nie", "niemals", "ohne", "falsch\\w*", "alt\\w*", "kaputt", "defekt",
        "ungultig", "weder", "vergessen", "weiss nicht",
    ),
)  # fmt: skip
