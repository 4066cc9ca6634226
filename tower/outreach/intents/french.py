"""What people say in French."""

from tower.outreach.intents.speech import Speech, one_of

_DAYS = one_of("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_OUR = one_of("le", "la", "les", "l'", "mon", "ma", "mes", "notre", "nos", "un", "une", "votre")
_INSIDE = one_of(
    "garage", "cave", "abri", "jardin", "terrasse", "balcon", "hall", "veranda", "remise",
    "cabanon", "cour", "bureau", "carport", "boite aux lettres", "boite a lait", "boite", "loge",
    "entree", "local", "cabane", "cellier", "couloir", "box", "grange", "magasin",
)  # fmt: skip
_BESIDE = one_of(
    "maison", "porte", "porte d'entree", "garage", "portail", "poubelle", "paillasson", "escalier",
    "cabanon", "haie", "banc", "voiture", "terrasse", "abri", "mur",
)  # fmt: skip
_SOMEONE = one_of(
    "voisine?s?", "gardien(?:ne)?", "concierge", "accueil", "reception", "receptionniste", "loge",
    "kiosque", "magasin", "boulangerie",
)  # fmt: skip
_OCLOCK = r"\d{1,2} ?(?:h|heures|:)? ?(?:\d\d)?"

FRENCH = Speech(
    fillers=(
        "et", "ou", "mais",
        "ok", "oui", "d'accord", "bonjour", "bonsoir", "salut", "merci", "merci beaucoup", "svp",
        "s'il (?:vous|te) plait", "bien", "parfait", "pas de (?:probleme|souci)", "tres bien",
        "cordialement", "bonne journee", "super", "entendu", "alors", "volontiers",
    ),
    wait=(
        "j'? ?attends?", "je vous attends", "j'attendrai", "je vais attendre", "nous attendons",
        "nous vous attendons", "on attend", "on vous attend", "je peux attendre", "attendre",
        "je suis (?:la|chez moi|a la maison)", "nous sommes (?:la|chez nous|a la maison)",
        "(?:il y a )?quelqu'un (?:est la|a la maison)", "je prefere attendre", "je serai la",
    ),
    wait_on=(
        "ici", "a la maison", "chez moi", f"jusqu'a {_OCLOCK}", "aujourd'hui", "toute la journee",
        "le colis", "la livraison", "votre livreur",
    ),
    day=(
        f"(?:le )?{_DAYS}(?: prochain)?", "demain", "apres-demain", "apres demain",
        "la semaine prochaine", "ce soir", f"{_DAYS} (?:matin|apres-midi|soir)",
        "demain (?:matin|apres-midi|midi|soir)",
    ),
    greeting_day=(),
    time=(
        f"(?:a|apres|avant|vers|des|a partir de) {_OCLOCK}", f"entre {_OCLOCK} et {_OCLOCK}",
        f"de {_OCLOCK} a {_OCLOCK}", "(?:dans )?(?:le matin|l'apres-midi|la soiree|la matinee)",
    ),
    other_time=(
        "(?:a )?(?:un |une )?autre (?:jour|horaire|heure|date|moment|creneau)",
        "(?:un )?nouveau (?:creneau|rendez-vous)", "reporter(?: la livraison)?", "reprogrammer",
        "changer (?:l'heure|d'heure|de jour|la date|de date|l'horaire|d'horaire)",
    ),
    time_lead=(
        "plutot", "je prefere", "je prefererais", "pouvez-vous (?:passer|venir|livrer)",
        "pouvez vous (?:passer|venir|livrer)", "est-ce possible", "possible", "si possible",
        "passez",
        "livrez", "repassez", "merci de (?:passer|livrer|repasser|venir)", "je voudrais",
        "j'aimerais", "serait-il possible", "pour", "mieux", "je souhaite", "peut-on",
        "pourriez-vous (?:passer|venir|livrer|repasser)",
    ),
    time_trail=(
        "plutot", "svp", "s'il vous plait", "si possible", "serait mieux", "c'est mieux",
        "me convient(?: mieux)?", "m'arrange(?: mieux)?", "ce serait parfait", "serait parfait",
    ),
    leave=(
        "(?:laissez|deposez|mettez|posez|donnez)(?:-le|-la|-les)?",
        "(?:laisser|deposer|mettre|poser)",
        "(?:le|la|les)", "(?:le|mon) (?:colis|paquet)", "la livraison", "vous pouvez",
        "pouvez-vous", "merci de", "veuillez", "s'il vous plait", "svp", "simplement", "a deposer",
        "tu peux", "a laisser",
    ),
    place=(
        f"(?:derriere|devant|sous|sur|a cote de|pres de|contre) (?:{_OUR} ?)?{_BESIDE}",
        f"(?:a cote|pres) du {_BESIDE}", f"(?:dans|sur|sous) (?:{_OUR} ?)?{_INSIDE}",
        f"(?:chez|a|aupres de) (?:{_OUR} ?)?{_SOMEONE}", f"(?:au|aupres du) {_SOMEONE}",
        f"(?:au) {_INSIDE}",
    ),
    other_place=("(?:un |dans un )?(?:lieu|endroit) sur",),
    place_on=(
        "(?:a|de) (?:gauche|droite)", "d'en face", "d'a cote", "du dessous", "du dessus",
        "au (?:numero|n°) ?\\d+\\w?", "au \\d+\\w?",
        f"(?:de|du|des|a cote de|sous|dans|sur|derriere) (?:{_OUR} ?)?(?!code)[\\w-]+",
        "(?:mme|madame|monsieur|m\\.) [\\w-]+", "c'est bon", "ca ira",
    ),
    where=(
        ("(?:mais )?ou (?:est|en est|se trouve|reste)(?: donc)? (?:mon|ma|le|la|notre) "
        "(?:colis|commande|livraison|paquet|livreur|camion)"),
        ("(?:quand|a quelle heure|vers quelle heure) (?:arrivez-vous|passez-vous|livrez-vous"
        "|viendrez-vous|venez-vous|est-ce que vous (?:arrivez|passez|venez|livrez)"
        "|(?:arrive|arrivera|passe|vient|est-ce qu'arrive)(?:-t-(?:il|elle))?"
        "(?: (?:mon|ma|le|la) (?:colis|commande|livraison|paquet|livreur))?)"
        "(?: (?:aujourd'hui|exactement))*"),
        ("(?:mon|ma|le|la) (?:colis|commande|livraison) (?:arrive|arrivera) "
        "(?:quand|a quelle heure)"),
        "vous (?:arrivez|passez|venez|livrez) (?:quand|a quelle heure)",
        "(?:encore )?combien de temps(?: encore)?",
        "dans combien de temps (?:arrivez-vous|serez-vous la)",
    ),
    code=("code", "digicode", "code (?:d'entree|d'acces|porte|du portail|de la porte)", "pin"),
    other_code=(
        "postal", "de commande", "commande", "de suivi", "suivi", "promo", "de reduction", "qr",
        "de retrait", "banque", "bancaire", "carte", "client", "colis",
    ),
    code_gap=(
        "est", "le", "la", "du", "de", "pour", "portail", "porte", "entree", "immeuble", "batiment",
        "numero", "a", "en", "bas", "c'est", "d'entree", "d'acces", "l'entree", "l'immeuble",
        "entrer", "garage",
    ),
    door=("porte", "appartement", "appt", "apt", "interphone", "sonnette"),
    negation=(
        "pas", "ne", "n'\\w+", "sans", "jamais", "aucun\\w*", "faux", "mauvais", "ancien\\w*",
        "non",
        "incorrect", "vieux", "casse", "oublie",
    ),
)  # fmt: skip
