"""What people say in English."""

from tower.outreach.intents.speech import Speech, one_of

_DAYS = one_of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OUR = one_of("the", "my", "our", "a", "your")
_INSIDE = one_of(
    "garage", "shed", "porch", "garden", "backyard", "yard", "mailbox", "letterbox", "letter box",
    "parcel box", "post box", "box", "carport", "terrace", "patio", "balcony", "lobby", "office",
    "conservatory", "greenhouse", "hallway", "entrance", "basement", "cellar", "bin", "shop",
)  # fmt: skip
_BESIDE = one_of(
    "house", "garage", "shed", "front door", "back door", "door", "steps", "stairs", "gate",
    "bins?",
    "bench", "mat", "doormat", "porch", "hedge", "car", "wall", "fence",
)  # fmt: skip
_SOMEONE = one_of(
    "neighbou?rs?(?:'s)?", "neighbou?r at number \\d+", "reception", "receptionist", "concierge",
    "porter", "doorman", "front desk", "janitor", "caretaker", "shop",
)  # fmt: skip
_OCLOCK = r"\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|o'clock)?"

ENGLISH = Speech(
    fillers=(
        "and", "or", "but",
        "ok", "okay", "yes", "yeah", "sure", "hi", "hello", "thanks", "thank you", "please",
        "fine", "great", "perfect", "no worries", "no problem", "cheers",
        "good (?:morning|afternoon|evening)",
        "that's fine", "alright", "then", "just", "many thanks", "sorry", "all good",
    ),
    wait=(
        "i(?:'| wi)?ll wait", "we(?:'| wi)?ll wait", "(?:i|we) can wait", "(?:happy|ok) to wait",
        "wait", "i'?m (?:at )?home", "i am (?:at )?home", "we(?:'| a)re (?:at )?home",
        "i(?:'| a)m here", "(?:someone|somebody)(?:'| i)s (?:at )?(?:home|here|in)",
        "i'?ll be (?:at )?(?:home|here|in)", "i will be (?:at )?(?:home|here|in)",
    ),
    wait_on=(
        "here", "at home", "for you", "for it", "all day", "today", f"until {_OCLOCK}",
        "for the delivery", "for the parcel", "in",
    ),
    day=(
        f"(?:on |next )?{_DAYS}", "tomorrow", "the day after tomorrow", "next week", "tonight",
        "this evening", "this afternoon", f"(?:on )?{_DAYS} (?:morning|afternoon|evening)",
        "tomorrow (?:morning|afternoon|evening|night)",
    ),
    greeting_day=(),
    time=(
        f"(?:at|after|before|around|from) {_OCLOCK}", f"between {_OCLOCK} and {_OCLOCK}",
        f"(?:from )?{_OCLOCK} ?(?:-|to|until) ?{_OCLOCK}", "in the (?:morning|afternoon|evening)",
    ),
    other_time=(
        "(?:for )?an?other (?:day|time|slot|date)", "(?:a )?different (?:day|time|slot|date)",
        "(?:a )?new (?:slot|time|date)", "reschedule(?: it| my delivery| the delivery)?",
    ),
    time_lead=(
        "please", "better", "rather", "can you come", "could you come", "can you deliver",
        "could you deliver", "can we do", "could we do", "come", "deliver(?: it)?", "make it",
        "i'?d prefer", "i would prefer", "i'?d rather", "prefer", "can we", "could we", "can you",
        "could you", "i'?d like(?: to)?", "i want(?: to)?", "(?:i )?need(?: to)?", "how about",
        "would", "i would like(?: to)?", "bring it", "try again",
    ),
    time_trail=(
        "please", "instead", "works", "works better", "is better", "would be better",
        "would be good", "would be great", "is fine", "works for me", "suits me(?: better)?",
        "if possible",
        "would work", "is good",
    ),
    leave=(
        "(?:please )?(?:leave|put|drop|place|hide|hand|give|deliver)(?: off)?", "it", "them", "off",
        "the (?:parcel|package|box|delivery)", "you can", "can you", "could you", "feel free to",
        "just", "please", "you may", "parcel", "package", "ok to", "fine to",
    ),
    place=(
        f"(?:behind|in front of|next to|under|beside|outside|by|near|on) (?:{_OUR} )?{_BESIDE}",
        f"(?:in|inside|on) (?:{_OUR} )?{_INSIDE}",
        f"(?:with|at|to) (?:{_OUR} )?{_SOMEONE}",
        "round the back", "around the back", "next door",
    ),
    other_place=("(?:a |in a )?safe (?:place|spot|location)",),
    place_on=(
        "(?:on|to) the (?:left|right)", "next door", "at (?:number|no\\.?) \\d+\\w?", "at \\d+\\w?",
        f"(?:behind|under|by|near|next to|beside|of|in|on|at) (?:{_OUR} )?(?!\\w*code)[\\w'-]+",
        "is fine", "is ok", "would be great", "would be good", "(?:mr|mrs|ms)\\.? [\\w-]+",
    ),
    where=(
        ("where(?:'s| is| are)? (?:my|the|our) (?:parcel|package|order|delivery|driver|stuff"
        "|things)"),
        "where are you", "where is it",
        ("(?:when|what time) (?:will|does|do|is|are) (?:it|you|(?:my|the|our) "
        "(?:parcel|package|order|delivery|driver|stuff))(?: going to)?"
        "(?: (?:come|coming|arrive|arriving|here|be here|get here|be delivered|deliver|due))"
        "(?: (?:today|now|then|exactly|please))*"),
        ("how (?:much )?long(?:er)? (?:will it (?:take|be)|until you (?:come|arrive|are here)"
        "|do i have to wait|now)?(?: (?:now|today|still))*"),
        "how (?:much )?longer(?: (?:will it (?:take|be)|do i have to wait))?",
    ),
    code=("code(?:'s)?", "(?:gate|door|entry|access|key|building|keypad|buzzer) code", "pin",
    "passcode"),
    other_code=(
        "order", "tracking", "discount", "promo", "voucher", "zip", "post", "postal", "postcode",
        "qr", "pickup", "pick-up", "reference", "bank", "card", "dress", "error", "area",
    ),
    code_gap=(
        "is", "the", "for", "to", "of", "gate", "door", "front", "main", "entry", "building",
        "number", "no", "at", "here", "garage", "keypad", "it's", "today", "our", "my",
    ),
    door=("door", "flat", "apartment", "apt", "unit", "buzzer"),
    negation=(
        "not", "no(?! (?:portao|predio|portal))", "don'?t", "doesn'?t", "isn'?t", "can'?t",
        "cannot", "won'?t", "never",
        "without", "wrong",
        "old", "broken", "invalid", "didn'?t", "forgot", "wasn'?t", "dont", "doesnt", "incorrect",
    ),
)  # fmt: skip
