"""What people say in Spanish."""

from tower.outreach.intents.speech import Speech, one_of

_DAYS = one_of("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_OUR = one_of("el", "la", "los", "las", "mi", "mis", "nuestro", "nuestra", "un", "una", "su")
_INSIDE = one_of(
    "garaje", "garage", "cochera", "conserjeria", "porteria", "recepcion", "jardin", "patio",
    "terraza", "balcon", "porche", "buzon", "trastero", "bodega", "cobertizo", "oficina", "tienda",
    "entrada", "lavadero", "caseta", "portal", "zaguan", "almacen", "kiosco", "escalera",
)  # fmt: skip
_BESIDE = one_of(
    "casa", "puerta", "porton", "escalera", "felpudo", "coche", "auto", "maceta", "muro", "reja",
    "garaje", "banco", "entrada", "caseta", "cobertizo", "puerta trasera", "basurero",
)  # fmt: skip
_SOMEONE = one_of(
    "conserje", "portero", "portera", "vecino", "vecina", "vecinos", "guardia", "recepcionista",
    "recepcion", "conserjeria", "porteria", "vecino de al lado", "vecina de al lado",
)  # fmt: skip
_OCLOCK = r"(?:las? )?\d{1,2}(?:[:.]\d\d)?(?: ?h(?:oras)?)?"

SPANISH = Speech(
    fillers=(
        "y", "o", "pero",
        "ok", "vale", "si", "claro", "hola", "buenas", "buenos dias", "buenas (?:tardes|noches)",
        "gracias", "muchas gracias", "por favor", "porfa", "porfavor", "bueno", "perfecto",
        "de acuerdo", "no hay problema", "no se preocupe", "mejor", "saludos", "genial", "bien",
        "listo", "dale",
    ),
    wait=(
        "(?:yo )?(?:lo |los |la |le |les |te )?espero", "(?:lo |los |les )?esperare",
        "(?:los |lo |les )?esperamos", "(?:yo )?puedo esperar", "esperar", "prefiero esperar",
        "(?:yo )?(?:estoy|estare) en casa", "estamos en casa", "hay alguien en casa",
        "voy a esperar",
    ),
    wait_on=("en casa", "aqui", f"hasta {_OCLOCK}", "hoy",
    "tod[oa] (?:el dia|la tarde|la manana)", "el paquete",
    "el pedido"),
    day=(
        f"(?:el |proximo |el proximo )?{_DAYS}(?: que viene)?", "pasado manana", "manana",
        "(?:la )?(?:proxima semana|semana que viene)", "esta tarde", "esta noche",
        f"(?:el )?{_DAYS} (?:por|en) la (?:manana|tarde|noche)",
        "manana (?:por|en|a) la (?:manana|tarde|noche)", "manana temprano",
    ),
    greeting_day=(),
    time=(
        f"(?:a|desde|despues de|antes de|a partir de|sobre) {_OCLOCK}",
        f"entre {_OCLOCK} y {_OCLOCK}", f"de {_OCLOCK} a {_OCLOCK}",
        "por la (?:manana|tarde|noche)", "al mediodia",
    ),
    other_time=(
        "otr[oa] (?:dia|horario|hora|momento|fecha)", "(?:en )?otro (?:dia|momento|horario)",
        "reprogramar(?: la entrega)?", "cambiar (?:la hora|el horario|la fecha|el dia)",
        "un nuevo horario", "para otro dia",
    ),
    time_lead=(
        "mejor", "por favor", "prefiero", "puede ser", "puede venir", "pueden venir", "podria ser",
        "vengan", "venga", "para", "seria mejor", "me gustaria", "quiero", "quisiera", "necesito",
        "se puede", "puede", "pueden", "podrian", "podemos", "entregar", "entreguen", "que sea",
        "podria venir", "podrian venir", "lo prefiero", "a ser posible",
    ),
    time_trail=(
        "por favor", "mejor", "si puede ser", "si es posible", "me viene (?:bien|mejor)",
        "estaria bien", "seria mejor", "me conviene(?: mas)?", "porfa",
    ),
    leave=(
        "(?:dejelo|dejalo|dejenlo|dejela|dejela|dejarlo|dejarla|dejar|deje|dejen|dejalo)",
        "(?:puede|pueden|podria|podrian) (?:dejarlo|dejarla|dejar|entregarlo)",
        "(?:pongalo|ponganlo|entreguelo|entreguenlo|entregar|entregarlo)", "(?:el|mi) paquete",
        "la (?:caja|entrega|encomienda)", "por favor", "lo", "se puede dejar", "me lo deja",
        "favor",
    ),
    place=(
        (f"(?:detras de|delante de|debajo de|junto a|al lado de|tras|sobre"
        f"|bajo) (?:{_OUR} )?{_BESIDE}"),
        f"(?:detras|delante|debajo|al lado) del {_BESIDE}", f"junto al {_BESIDE}",
        f"(?:en|dentro de) (?:{_OUR} )?{_INSIDE}", f"dentro del {_INSIDE}",
        f"(?:con|donde|a) (?:{_OUR} )?{_SOMEONE}", f"al {_SOMEONE}",
    ),
    other_place=("(?:un |en un )?(?:lugar|sitio) seguro",),
    place_on=(
        "(?:a|de) la (?:izquierda|derecha)", "de al lado", "del \\d+\\w?", "de enfrente",
        f"(?:de|del|al lado de|junto a|en|bajo|debajo de) (?:{_OUR} )?(?!codigo|clave)[\\w-]+",
        "esta bien", "se puede", "(?:senora?|don|dona) [\\w-]+",
    ),
    where=(
        ("(?:y )?donde (?:esta|viene|va|anda|quedo) (?:mi|el|la|nuestro|nuestra) "
        "(?:paquete|pedido|entrega|encomienda|compra|repartidor|conductor|envio)"),
        ("(?:a que hora|cuando|como a que hora) (?:me )?(?:llega|llegan|viene|vienen|llegara"
        "|llegaran"
        "|pasan|pasa|pasaran|entregan|entregaran|va a llegar|van a llegar|sera)(?: (?:mi|el|la|su) "
        "(?:paquete|pedido|entrega|encomienda|repartidor|conductor|envio))?(?: (?:hoy|ya))*"),
        "(?:cuanto|mucho) (?:falta|tardan?|demoran?)(?: mas)?(?: en llegar)?",
        "por donde (?:va|vienen?)(?: mi pedido| el pedido| el repartidor)?",
    ),
    code=("codigo", "clave", "pin", "clave de acceso", "codigo de (?:acceso|entrada|puerta)"),
    other_code=(
        "postal", "pedido", "seguimiento", "reserva", "descuento", "promocional", "qr", "envio",
        "de compra", "de retiro", "banco", "tarjeta", "rastreo", "cupon", "de area",
    ),
    code_gap=(
        "es", "el", "la", "del", "de", "para", "en", "porton", "puerta", "portal", "edificio",
        "entrada", "acceso", "numero", "abajo", "reja", "garaje", "casa", "abrir", "entrar",
    ),
    door=("puerta", "timbre", "depto", "departamento", "apartamento", "apto", "piso"),
    negation=(
        "no(?! (?:portao|predio))", "sin", "nunca", "tampoco", "ningun\\w*", "incorrect\\w*",
        "equivocad\\w*", "viej\\w*",
        "antigu\\w*", "mal", "olvide", "rot[oa]",
    ),
)  # fmt: skip
