"""What people say in Portuguese."""

from tower.outreach.intents.speech import Speech, one_of

_DAYS = one_of(
    "segunda(?:-feira)?", "terca(?:-feira)?", "quarta(?:-feira)?", "quinta(?:-feira)?",
    "sexta(?:-feira)?", "sabado", "domingo",
)  # fmt: skip
_OUR = one_of("o", "a", "os", "as", "meu", "minha", "nosso", "nossa", "um", "uma")
_INSIDE = one_of(
    "garagem", "portaria", "rececao", "recepcao", "jardim", "quintal", "varanda", "terraco", "cave",
    "caixa do correio", "caixa de correio", "caixa", "arrecadacao", "entrada", "patio", "alpendre",
    "loja", "escritorio", "despensa", "anexo", "hall", "quiosque", "escada",
)  # fmt: skip
_BESIDE = one_of(
    "casa", "porta", "portao", "tapete", "escadas?", "muro", "garagem", "banco", "carro", "vaso",
    "arvore", "anexo", "porta de entrada", "lixo",
)  # fmt: skip
_SOMEONE = one_of(
    "porteir[oa]", "vizinh[oa]s?", "vizinh[oa] do lado", "seguranca", "rececionista",
    "recepcionista", "zelador", "rececao", "recepcao", "portaria", "cafe",
)  # fmt: skip
_AT = one_of("no", "na", "nos", "nas", "num", "numa", "dentro da", "dentro do")
_OCLOCK = r"(?:as |das )?\d{1,2}(?:[:.h]\d\d)?(?: ?h(?:oras)?)?"

PORTUGUESE = Speech(
    fillers=(
        "e", "ou", "mas",
        "ok", "sim", "ola", "oi", "bom dia", "boa (?:tarde|noite)", "obrigad[oa]",
        "muito obrigad[oa]",
        "por favor", "claro", "perfeito", "sem problemas?", "tudo bem", "esta bem", "de acordo",
        "combinado", "cumprimentos", "certo", "otimo", "se faz favor", "beleza",
    ),
    wait=(
        "(?:eu )?(?:vos )?espero", "(?:eu )?aguardo", "(?:eu )?vou (?:esperar|aguardar)",
        "esperamos", "fico a espera", "ficamos a espera", "(?:eu )?posso (?:esperar|aguardar)",
        "esperar", "(?:eu )?(?:estou|estarei) em casa", "estamos em casa",
        "(?:ha|tem) alguem em casa", "prefiro esperar",
    ),
    wait_on=(
        "aqui", "em casa", f"ate {_OCLOCK}", "hoje", "o dia todo", "a encomenda", "a entrega",
        "por voces", "pela entrega",
    ),
    day=(
        f"(?:na |no |proxima |na proxima )?{_DAYS}", "depois de amanha", "amanha",
        "(?:na )?(?:proxima semana|semana que vem)", "hoje a (?:tarde|noite)", "logo a noite",
        f"(?:na |no )?{_DAYS} (?:de manha|a tarde|a noite)",
        "amanha (?:de manha|a tarde|a noite|cedo)",
    ),
    greeting_day=(),
    time=(
        f"(?:as|depois das|antes das|a partir das|pelas|por volta das) {_OCLOCK}",
        f"entre {_OCLOCK} e {_OCLOCK}", f"das {_OCLOCK} as {_OCLOCK}",
        "(?:de manha|a tarde|a noite)",
    ),
    other_time=(
        "(?:para |num |em )?outr[oa] (?:dia|horario|hora|altura|data)", "reagendar(?: a entrega)?",
        "remarcar(?: a entrega)?", "mudar (?:a hora|o horario|a data|o dia)", "um novo horario",
        "adiar(?: a entrega)?",
    ),
    time_lead=(
        "melhor", "prefiro", "preferia", "pode ser", "podem vir", "pode vir", "poderia ser",
        "venham",
        "para", "seria melhor", "gostaria(?: de)?", "quero", "queria", "preciso(?: de)?",
        "entreguem",
        "so", "podemos", "podem", "e possivel", "podem passar", "podem entregar", "passem",
        "pode entregar", "poderiam vir",
    ),
    time_trail=(
        "por favor", "se possivel", "se for possivel", "e melhor", "seria melhor", "da-me jeito",
        "da mais jeito", "seria otimo", "se puder ser", "se faz favor",
    ),
    leave=(
        "(?:deixe|deixem|deixar|deixa|deixe-o|deixe-a|deixem-na|deixem-no|deixa-lo|deixa-la)",
        "(?:pode|podem) (?:deixar|entregar|por)", "(?:ponha|coloque|coloquem|entregue|entregar)",
        "(?:o|a|meu) (?:pacote|encomenda|caixa|entrega)", "por favor", "ai", "favor",
        "se faz favor",
    ),
    place=(
        (f"(?:atras|em frente|debaixo|ao lado|perto|em cima"
        f"|por tras) d[aeo]s? (?:{_OUR} )?{_BESIDE}"),
        f"(?:em frente|junto) (?:a|ao) {_BESIDE}", f"{_AT} {_INSIDE}",
        f"(?:com|a|para) (?:{_OUR} )?{_SOMEONE}", f"(?:ao|{_AT}) {_SOMEONE}",
    ),
    other_place=("(?:um |num )?(?:local|lugar|sitio) seguro",),
    place_on=(
        "(?:a|do lado) (?:esquerda|direita|esquerdo|direito)", "do lado", "em frente",
        "do \\d+\\w?",
        f"(?:d[aeo]s?|ao lado d[aeo]|em|n[ao]|debaixo d[aeo]) (?:{_OUR} )?(?!codigo|senha)[\\w-]+",
        "(?:dona|senhora?|sr\\.?a?) [\\w-]+", "esta bem", "pode ser",
    ),
    where=(
        ("(?:e )?onde (?:esta|anda|vem|ficou) (?:a minha|o meu|minha|meu|a|o|a nossa) "
        "(?:encomenda|entrega|pedido|pacote|estafeta|motorista|compra)"),
        ("(?:quando|a que horas|por volta de que horas|que horas) (?:e que )?(?:chega|chegam|vem"
        "|vao chegar|vai chegar|entregam|passam|chegara)(?: (?:a minha|o meu|minha|meu|a|o) "
        "(?:encomenda|entrega|pedido|pacote|motorista))?(?: (?:hoje|aqui))*"),
        "(?:ainda )?(?:falta|demora) (?:muito|quanto)(?: tempo)?(?: para chegar)?",
        "quanto (?:tempo )?(?:falta|demora)(?: ainda)?(?: para chegar)?",
    ),
    code=("codigo", "senha", "pin", "codigo d[aeo] (?:porta|portao|acesso|entrada|predio)"),
    other_code=(
        "postal", "pedido", "do pedido", "rastreio", "de rastreamento", "desconto", "promocional",
        "qr", "de levantamento", "banco", "cartao", "encomenda", "de barras", "wifi",
    ),
    code_gap=(
        "e", "o", "a", "do", "da", "de", "para", "portao", "porta", "predio", "entrada", "acesso",
        "numero", "na", "no", "entrar", "abrir", "garagem", "la", "em", "baixo",
    ),
    door=("porta", "apartamento", "apto", "campainha", "bloco"),
    negation=(
        "nao", "sem", "nunca", "nenhum\\w*", "errad[oa]", "antig[oa]", "nem", "velh[oa]",
        "avariad[oa]",
        "esqueci",
    ),
)  # fmt: skip
