"""Turns of phrase by which a visitor says that a danger is long past, an old trait, or over.

They are matched on words in lower case with contractions written out ("can't" is "can not"), joined by single blanks.
"""

from __future__ import annotations

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{'|'.join(patterns)})(?!\w)")


_AGES = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty"
).replace(" ", "|")
_YOUNG = rf"(?:{_AGES}|kid|child|boy|girl|lad|teen\w*|young\w*|little|baby|student|school|uni|\d+|pregnant)"

LONG_AGO = _any_of(
    r"(?:years?|decades?|ages) (?:ago|back|earlier|before)",
    r"last (?:year|summer|winter|spring|autumn|christmas)",
    r"in (?:19|20)\d\d",
    r"back in",
    r"in (?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    r"in (?:the )?(?:spring|summer|autumn|winter)(?! season)",
    rf"(?:when|while) (?:i|he|she|they|we|(?:my|our|the) \w+) (?:was|were) "
    rf"(?:(?:a|an|at|in|about|only|just|on) )?(?:\w+ )?{_YOUNG}",
    rf"at (?:(?:the )?age (?:of )?)?(?:{_AGES.partition('eleven|')[2]})(?! (?:past|minutes|to|o'clock))",
    r"at (?:the )?age (?:of )?\d+",
    r"at (?:school|uni|university|college)",
    r"(?:none|never|nothing|not|no \w+) (?:\w+ ){0,2}since",
    r"never again",
    r"before (?:my|his|her|the|a) (?:bypass|operation|op|surgery|transplant|stent|pacemaker)",
    r"(?:had|has had) (?:a|an|his|her|my) (?:\w+ ){1,2}at (?:\d\d|(?:the )?age)",
    r"late (?:husband|wife|partner|mother|mum|father|dad|brother|sister|gran\w*|nan|uncle|aunt)",
    r"to (?:\w+ )?degeneration",
    r"to (?:glaucoma|cancer|diabetes|old age)",
    r"as (?:a (?:\w+ )?(?:kid|child|girl|boy|lad|teen\w*|baby|toddler|youngster|student)|kids|children)",
    r"with our (?:first|second|third|eldest|youngest)(?! \w)",
    r"with (?:my|her|their) (?:(?:first|second|third|last) (?:baby|child|pregnancy)|eldest|youngest)",
    r"in (?:my|the|his|her) (?:teens|twenties|thirties|forties|past|childhood|youth|\w+ties|\d0s)",
    r"(?:a )?long (?:time )?ago",
    r"used to",
    r"(?:scars?|marks?|lines?) (?:\w+ ){0,4}(?:is|are|'s) from",
    r"decades old",
    r"at (?:christmas|easter|new year)",
    r"(?:had|having) (?:my|her|his) (?:tonsils?|appendix|adenoids|wisdom teeth|gallbladder) out",
    r"(?:in|from) (?:my|her|his|a) (?:bad )?(?:dreams?|nightmares?)",
    r"in childhood",
    r"growing up",
    r"years and years",
    r"previous(?:ly)?",
    r"history of",
    r"one time",
    r"once (?:had|got|went|did|before|lost|fainted|passed)",
    r"(?:i|she|he) once",
    r"(?:died|dies) (?:of|from)",
    r"passed away",
)
"""Of a danger: so long ago that nothing has to be done about it now."""

ONCE = re.compile(r"\bonce\s*(?:$|[,.!?;]|and|when|but|at|after|before|during|with|in|because|so|as|from)")

WHILE_AGO = _any_of(
    r"(?:weeks?|months?) (?:ago|back)",
    r"last week",
    r"last (?:month|time|session|treatment|visit|appointment)",
    r"a while (?:ago|back)",
    r"the other (?:month|week)",
)
"""Long enough ago when it is said of the danger, and not of the treatment."""

ELSEWHERE = _any_of(
    r"(?:during|at|in|after|for) (?:my|her|his) last \w+",
    r"(?:my|the|her|his) last (?:session|treatment|time|visit|blood test|appointment|one)",
    r"previous (?:session|treatment)",
    r"(?:during|in|at|after) (?:hers|theirs)",
    r"(?:at|in|from) (?:a|an|the) (?:\w+ )?(?:tattoo|dentist|salon|spa|clinic) (?:\w+ )?(?:abroad|overseas|once)",
    r"first time i had",
    r"when (?:they|she|he|the nurse|someone) \w+ my (?:ears?|blood)",
    r"when i (?:had|got|gave|get|have|see) (?:(?:my|a|an|the) )?"
    r"(?:blood|ears?|jabs?|vaccin\w*|piercing|tattoo|baby|birth|covid)",
    r"(?:getting|having|had|got) (?:(?:my|a) )?(?:ears? pierced|piercing|tattoo|blood taken|blood test|vaccin\w*|jab)",
    r"when (?:she|he|they) (?:had|got) (?:hers|his|it|one|theirs)",
    r"last place i",
    r"(?:another|the other|a different) (?:clinic|salon|place|spa)",
    r"(?:at|after|from) the dentist",
    r"on holiday",
    r"at (?:a|an|the|my|her|his|our) (?:wedding|party|concert|gym|match|festival|funeral|office)",
    r"(?:at|in) (?:work|the lift|yoga)",
    r"(?:after|from|with) (?:a|an|the) (?:sty|stye|tattoo|tetanus|covid|flu|filling|tooth|uti|urine|kidney|chest) ?\w*",
    r"(?:after|from|to) (?:(?:a|an|the|eating) )?(?:bee|wasp|hornet|prawns?|shellfish|peanuts?|nuts|penicillin)",
    r"(?:giving|gave|give) blood",
)
"""On another occasion."""

RECENT = _any_of(
    r"(?<!\d )now(?! and (?:then|again))",
    r"today",
    r"tonight",
    r"yesterday",
    r"last night",
    r"this (?:morning|afternoon|evening|week)",
    r"suddenly",
    r"(?:hours?|minutes?|mins?|days?) ago",
    r"at the moment",
)
"""So lately that an occasion or a time long ago is not when the danger was."""

NONE_OF_IT = re.compile(
    r"(?:none|nothing|no to)(?: of (?:it|that|this|them|those|these|the above)| all| any| both)*"
    r"(?: to report| so far| here| at all| whatsoever| thankfully| luckily| for me| in my case)* [.!,]"
)
"""The next sentence denies all that was listed: "Any fever or shivering? None to report."."""
NEITHER = re.compile(r"(?:^|[.,;:!?-] )neither (?:i|me|my|he|she|his|her|we|our|they|the|of)\b(?!.*(?:,| but ))")
"""The beginning of a clause that denies all it says."""

PRESENT = frozenset(
    "am is are 's can ca will wo now today tonight still since currently keeps keep feels feel just".split()
)
"""Words of the present tense, or of the last hours."""

HABIT = _any_of(
    r"\w+ disorder",
    r"(?:on|take) (?:medication|tablets|meds) for (?:it|that|them)",
    r"in (?:spring|summer|winter|autumn|(?:the )?(?:hay fever|pollen) season)",
    r"when (?:i am|it 's|it is) (?:cold|hot|stressed|anxious|nervous|tired|drunk)",
    r"if i (?:have not|do not|did not|skip|stand|see)",
    r"(?:been|had it|got it) checked",
    r"with anxiety",
    r"(?:i|he|she) snores?",
    r"at night for years",
    r"always",
    r"sometimes",
    r"often",
    r"usually",
    r"occasionally",
    r"easily",
    r"regularly",
    r"tends? to",
    r"prone(?: to)?",
    r"every time i (?:see|have|had|get)",
    r"now and (?:then|again)",
    r"from time to time",
    r"on and off",
    r"all my life",
    r"for years",
    r"since (?:childhood|birth|school|uni|university|college)",
    r"chronic\w*",
    r"suffers? from",
    r"sufferer",
    r"at the sight",
    r"the(?: very)? thought(?: of)?",
    r"(?:just|even) thinking",
    r"whenever i (?:see|have|had|get)",
    r"phobia",
    r"(?:with|at) (?:needles|blood tests|injections)",
    r"(?:once|twice) a year",
    r"(?:on|up|climbing) (?:the )?stairs",
    r"uphill",
    r"when i (?:run|exercise|walk|climb)",
    r"apno?ea",
    r"reflux",
    r"claustrophobi\w*",
    r"in (?:small|confined|enclosed|tight) (?:spaces?|rooms?|places?)",
    r"do not clot (?:well|properly|easily|fast|quickly)",
    r"thyroid",
    r"goitre",
    r"palsy",
    r"multiple sclerosis",
    r"have ms",
    r"raynaud\w*",
    r"migraines?",
    r"dementia",
    r"impediment",
    r"because of (?:my|a) condition",
    r"from (?:an|my) old",
)
"""An old trait or a known condition, which is for the consultation."""

HABIT_OF_MINE = re.compile(r"\bi (?:get|faint|go faint|bleed|pass out|wheeze|collapse)\b(?! the feeling)(?: \w+){0,3}$")
"""Ends with the danger: "i get", "i faint"."""

ACUTE = _any_of(
    RECENT.pattern,
    r"since(?! (?:childhood|birth|school|uni|university|college|i was))",
    r"getting worse",
    r"just (?:had|put|got|started)",
    r"after (?:the|my|numbing|your|treatment|needling)",
    r"will not stop",
    r"help",
)
"""A habit told with one of these is no mere habit."""

OVER = _any_of(
    r"(?:fine|ok|okay|better|alright|all right|normal|gone|good|settled|calm) (?:now|again)",
    r"(?:has|have|had|'s|all|it) (?:stopped|settled|eased|worn off|calmed|cleared|subsided|resolved|passed(?! out))"
    r"(?! (?:breath|mov|respond|talk|answer|mak|wak|eat|drink|pee))",
    r"(?:has|have|'s) gone(?: away| down| completely)?(?= ?(?:[,.!;]|$|but|and|now))",
    r"went away",
    r"(?:it|that) was (?:only|just|nothing|all|simply)\b",
    r"turned out (?:to be|it was|fine|ok|okay|that|nothing)",
    r"right as rain",
    r"(?:has |have |'s |fully |since )?recovered",
    r"full recovery",
    r"(?:was |been |got )?discharged",
    r"back (?:at|to|in) (?:work|school|her|his|normal)",
    r"home by",
    r"(?:doing|feeling|keeping) (?:great|well|fine|better|brilliantly)",
    r"(?:sorted|cleared|cured|fixed|settled|calmed) (?:it|that|him|her|them|me)",
    r"(?:healed|cleared)(?: \w+)? now",
    r"(?:said|told \w+|and) it was (?:nothing|fine|indigestion|nerves|anxiety|a \w+)",
    r"up and about",
    r"(?:was|were|is|are|felt) (?:perfectly |totally )?(?:fine|ok|okay|well) (?:after|by|within|again|the next)\w*",
    r"(?:dancing|cycling|running|working|walking|eating|laughing) again",
    r"in a good place",
    r"(?:she|he|they) (?:'s|is|are) (?:all |perfectly |absolutely )?"
    r"(?:fine|well|ok|okay|good|grand|home|happy|himself|herself|back|great)",
    r"(?:tests?|scans?|results?) (?:was|were|came back|is|are) (?:all )?(?:clear|normal|fine)",
    r"pulled through",
    r"perked up",
    r"all clear",
    r"(?:not|never) had (?:another|one|any|it)",
    r"looked after",
    r"(?:six|five|four|three|two|few|\d+|some) stitches",
    r"no harm done",
    r"(?:did its job|came back completely)",
    r"went down (?:in|within|after|by|on|over)",
    r"(?:none|nothing|normal|fine|okay|ok|well) since",
    r"long (?:over|gone|forgotten)",
    r"(?:is|'s|are) (?:now )?stable",
    r"in good hands",
    r"wore off",
    r"worn off",
    r"calmed down",
    r"settled down",
    r"cleared up",
    r"over now",
    r"back to normal",
    r"stopped (?:now|after|within|on its own|by itself)",
    r"(?<!can )no longer",
)
"""Said after a danger: that it has passed."""

WELL = _any_of(
    r"breathing (?:is )?(?:fine|ok|okay|normally|normal|well)",
    r"can (?:breathe|see|swallow|talk|speak|walk|move) (?:\w+ )?(?:fine|ok|okay|normally|normal|perfectly)",
    r"(?:breath(?:es?|ing)|swallow(?:s|ing)?|talk(?:s|ing)?)(?: and \w+)? (?:normally|fine|as (?:usual|normal))",
    r"(?!(?:\d\w*|am|pm|o'clock|noon|\w+day|morning|afternoon|evening|slot|time|date|that|which|email|number) )"
    r"\w+ (?:is|are|'s|am|feels?) (?:all |perfectly |totally |conscious and )?(?:fine|ok|okay|good|well|normal)",
)
"""That things are well."""

ANIMALS = frozenset(
    "dog dogs puppy cat cats kitten horse pony rabbit hamster budgie parrot guinea pig goldfish fish hen hens cow "
    "sheep tortoise pet pets bird birds lawn plant plants tree flowers roses".split()
)
MACHINES = frozenset(
    "car van laptop computer phone mobile boiler radiator radiators tap pipe battery washing machine dishwasher engine "
    "kettle diary card satnav nav "
    "printer website app page screen wifi internet router hoover fridge freezer bus train".split()
)
"""What neither is a person nor has one's danger."""

HELP_FAILED = _any_of(
    r"(?:nobody|no one|none|noone)(?: \w+){0,3} (?:answer\w*|pick\w*|coming|come|came|here|arrived|helping)",
    r"(?:not|never)(?: \w+){0,2} (?:answer\w*|pick\w*|coming|come|came|here|arrived|helping|through)",
    r"no (?:answer|reply|response|signal|ambulance)",
    r"on hold",
    r"engaged",
    r"hung up",
    r"refuse[sd]?",
    r"still (?:waiting|swell\w*|bleed\w*|not)",
    r"getting worse",
)
"""That the help which was called is not there."""

TURNED = re.compile(r"\b(?:not|never)\b(?: \w+)? ?$")
"""Ends with what turns round what comes next."""
