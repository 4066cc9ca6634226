"""What people say in Italian."""

from tower.outreach.intents.speech import Speech, one_of

_DAYS = one_of("lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica")
_OUR = one_of("il", "lo", "la", "l'", "i", "le", "mio", "mia", "nostro", "nostra", "un", "una")
_INSIDE = one_of(
    "garage", "box", "cantina", "giardino", "terrazza", "terrazzo", "balcone", "portineria",
    "reception", "casetta", "capanno", "cortile", "cassetta", "cassetta della posta", "ingresso",
    "androne", "ufficio", "negozio", "portico", "veranda", "atrio", "ripostiglio", "edicola",
)  # fmt: skip
_BESIDE = one_of(
    "casa", "porta", "portone", "cancello", "scale", "zerbino", "garage", "panchina", "siepe",
    "casetta", "porta di casa", "portoncino", "bidone", "muretto", "tettoia",
)  # fmt: skip
_SOMEONE = one_of(
    "vicin[oaie]", "vicino di casa", "vicina di casa", "portiere", "portinaio", "custode",
    "reception", "portineria", "edicola", "bar", "negozio",
)  # fmt: skip
_IN = one_of("in", "nel", "nella", "nello", "nell'", "sul", "sulla", "sotto il", "sotto la")
_OCLOCK = r"(?:le |alle |l')?\d{1,2}(?:[:.]\d\d)?"

ITALIAN = Speech(
    fillers=(
        "e", "o", "oppure", "ma",
        "ok", "si", "va bene", "d'accordo", "ciao", "salve", "buongiorno", "buonasera", "grazie",
        "grazie mille", "per favore", "per piacere", "perfetto", "nessun problema", "certo", "bene",
        "cordiali saluti", "saluti", "benissimo", "allora", "tranquilli", "buona giornata",
    ),
    wait=(
        "(?:io )?(?:vi |la |lo )?aspetto", "(?:vi |lo )?aspettiamo", "aspettero", "aspettare",
        "(?:io )?posso aspettare", "(?:io )?sono (?:a|in) casa", "siamo (?:a|in) casa",
        "c'e qualcuno in casa", "preferisco aspettare", "rimango a casa", "saro a casa",
    ),
    wait_on=(
        "qui", "a casa", "in casa", f"fino a(?:lle)? {_OCLOCK}", f"fino {_OCLOCK}", "oggi",
        "tutto il giorno", "il pacco", "la consegna", "il corriere",
    ),
    day=(
        f"{_DAYS}(?: prossimo)?", "domani", "dopodomani", ("la (?:prossima settimana"
        "|settimana prossima)"), "stasera", f"{_DAYS} (?:mattina|pomeriggio|sera)",
        "domani (?:mattina|pomeriggio|sera)", "questo pomeriggio",
    ),
    greeting_day=(),
    time=(
        f"(?:alle|dopo|prima delle|dalle|verso|dopo le) {_OCLOCK}", f"tra {_OCLOCK} e {_OCLOCK}",
        f"dalle {_OCLOCK} alle {_OCLOCK}", "(?:di |al |nel )(?:mattino|pomeriggio|sera)",
    ),
    other_time=(
        "(?:in )?(?:un )?altro (?:giorno|orario|momento)", "un'altra (?:ora|data)",
        "riprogrammare(?: la consegna)?", "spostare(?: la consegna)?", "un nuovo appuntamento",
        "cambiare (?:orario|giorno|data)", "rimandare(?: la consegna)?", "altra data",
    ),
    time_lead=(
        "meglio", "preferisco", "preferirei", "potete venire", "puo venire", "potreste venire",
        "venite", "consegnate", "e possibile", "possibile", "facciamo", "vorrei", "sarebbe meglio",
        "passate", "ripassate", "si puo", "posso", "possiamo", "potete", "ho bisogno di", "per",
        "potete consegnare", "potete passare", "potreste passare", "potreste consegnare",
    ),
    time_trail=(
        "per favore", "se possibile", "sarebbe meglio", "va meglio", "e meglio", "mi va bene",
        "andrebbe bene", "per piacere", "grazie",
    ),
    leave=(
        "(?:lasciatelo|lasciarlo|lasci|lasciare|lascialo|lasciate|lasciatela|lasciarla)",
        "(?:mettetelo|metterlo|mettere|consegnatelo|consegnare|consegnate|metta|appoggiatelo)",
        "(?:puo|potete|potreste|puoi)", "(?:lo|la)", "(?:il|mio|il mio) pacco", "la consegna",
        "pure",
        "per favore", "si puo lasciare", "darlo", "datelo",
    ),
    place=(
        ("(?:dietro|davanti a?|sotto|accanto a|vicino a|di fianco a) ?"
        f"(?:(?:al|alla|allo|alle|all'|ai|{_OUR}) ?)?{_BESIDE}"),
        f"(?:dietro|davanti|accanto|vicino|di fianco) (?:al|alla|alle|allo|all'|ai) ?{_BESIDE}",
        f"{_IN} ?{_INSIDE}", f"(?:sullo|sul) {_BESIDE}",
        f"(?:dal|dalla|dai|dalle|al|alla|ai|presso|con) (?:{_OUR} ?)?{_SOMEONE}",
        f"(?:in|presso la|presso il) {_SOMEONE}",
    ),
    other_place=("(?:un |in un )?(?:posto|luogo) sicuro",),
    place_on=(
        "a (?:sinistra|destra)", "di fronte", "di fianco", "accanto", "al numero \\d+",
        "al civico \\d+",
        f"(?:di|del|della|dei|accanto a|vicino a|sotto|dietro) (?:{_OUR} ?)?(?!codice)[\\w-]+",
        "(?:signora?|sig\\.?(?:ra)?) [\\w-]+", "va bene",
    ),
    where=(
        ("(?:ma )?dov'?e(?: finit[oa])? (?:il|la|il mio|la mia|mio|mia|i|il nostro) "
        "(?:pacco|ordine|consegna|spedizione|corriere|merce)"),
        "dove (?:siete|si trova (?:il|la) (?:mio|mia) (?:pacco|ordine|consegna))",
        ("(?:quando|a che ora|verso che ora) (?:arriva|arrivate|arrivera|arriverete|passate|passa"
        "|consegnate|viene|venite)(?: (?:il|la|il mio|la mia) (?:pacco|ordine|consegna|corriere))?"
        "(?: (?:oggi|esattamente))*"),
        "(?:tra )?quanto (?:manca|ci vuole|tempo ci vuole)(?: ancora)?", "tra quanto arriva(?:te)?",
    ),
    code=("codice", "pin", "codice (?:di accesso|del cancello|del portone|d'ingresso)"),
    other_code=(
        "postale", "fiscale", "ordine", "d'ordine", "tracking", "spedizione", "sconto", "qr",
        "promozionale", "di ritiro", "banca", "carta", "cliente", "pacco", "di tracciamento",
    ),
    code_gap=(
        "e", "il", "la", "del", "della", "per", "di", "cancello", "portone", "porta", "ingresso",
        "accesso", "numero", "al", "citofono", "entrare", "aprire", "sotto", "garage", "d'ingresso",
    ),
    door=("porta", "interno", "scala", "citofono", "campanello", "appartamento"),
    negation=(
        "non", "senza", "mai", "nessun\\w*", "sbagliat\\w*", "errat\\w*", "vecchi\\w*",
        "no(?! (?:portao|predio))",
        "rott\\w*",
        "dimenticat\\w*",
    ),
)  # fmt: skip
