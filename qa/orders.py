"""What orders to machines look like, in several languages. Patterns only."""

__all__ = ["PATTERNS"]

_MACHINE = (
    r"(?:(?:AI|A\.I\.|artificial intelligence|LLMs?|GPT|chat|language|virtual|digital|"
    r"large language|"
    r"automated|answering)[- ]?(?:assistants?|models?|bots?|systems?|agents?|readers?|"
    r"summari[sz]ers?|"
    r"tools?|services?|engines?)|chat ?bots?|LLMs?|AIs?|assistants?|ChatGPT|Claude|Gemini|Copilot|"
    r"summari[sz]ers?|(?:reading|answering) (?:machine|software|program)s?|(?:any|all|every) "
    r"(?:machine|bot|model|agent|program)s?)\b"
)
_SPEAK = (
    r"(?:answer|say|reply|respond|repeat|state|report|claim|output|print|write|tell|recommend|"
    r"mention|include|insert|append|present|describe|return|cite|quote|confirm|announce|declare|"
    r"conclude|add|begin|end|translate|adopt|open|visit|fetch|load|send|obey|comply|ignore|"
    r"disregard|forget)"
)
_ORDERED = (
    r"(?:instructions?|prompts?|directives?|guidelines|commands?|programming|system messages?)"
)
_EARLIER = (
    r"(?:previous|prior|above|earlier|preceding|all|any|your|these|other|former|existing|system)"
)
_VERBS = (
    r"(?:ignore|disregard|forget|override|bypass|discard|drop|skip|cancel|do not (?:follow|obey))"
)
_HERE = (
    r"(?:this|these|the (?:following|above|present)) "
    r"(?:article|page|text|document|passage|story|paragraph|note|message)s?"
)
_MACHINES = (
    " ai|ai |ais|assistant|bot|model|llm|machine|gpt|claude|gemini|copilot|summari|program|agent|"
    "artificial|automated"
)
# Each with the strings of which a text must hold one, in lower case: looking for those is quick.
PATTERNS = [
    ("<!--", rf"<!--(?:(?!-->)[\s\S]){{0,400}}?\b{_MACHINE}"),
    ("answer|whatever",
     r"\b(?:instead of answering|do not answer|don['’]t answer|never answer)\b|"
     r"\bwhatever (?:the (?:user|reader|question)|you are asked)\b"),
    ("ignore|disregard|forget|instructions",
     r"\b(?:ignore|disregard|forget)_?(?:all|the|any|your|previous|prior)_?(?=previous|prior|"
     r"instruct|\w{12})|previous_?instructions"),
    ("instruct|prompt|directive|guideline|command|programming|system mess",
     rf"\b{_VERBS}\b[^.!?]{{0,30}}\b{_EARLIER}\b[^.!?]{{0,30}}\b{_ORDERED}"),
    ("ignore|disregard|forget|overrid|bypass|discard|drop |skip|cancel|do not",
     rf"(?:^|[.!?:,;\"“>*\]#-] ?|\bplease |\bnow |\bmust |\bshould |\bthen |\bto ){_VERBS} "
     r"(?:the |this |that |any |all |your |every )*(?:(?:user|reader|"
     r"person)(?:['’]s)? )?(?:question|passages|"
     r"(?:other |numbered )?(?:passages|sources|articles) (?:above|below|and)|context|user|"
     r"conversation)\b"),
    ("instruct|prompt|directive|rules",
     r"\b(?:previous|prior|earlier|above) (?:instructions?|prompts?|directives?|rules) (?:is|"
     r"are|were|have been|"
     r"no longer|must)\b[^.]{0,30}(?:void|cancel|revoked|apply|ignored|superseded|replaced|"
     r"suspended|obsolete)"),
    ("reading|reads|read |process|summari|pars|index|scanning|answering|seeing",
     rf"\b{_MACHINE},? (?:that |which |who )?(?:is |are |now )?(?:reading|processing|"
     rf"summari[sz]ing|parsing|"
     rf"indexing|scanning|reads?|process(?:es)?|parses?|answering (?:questions )?from|"
     rf"seeing) {_HERE}"),
    ("note|message|instruct|attention|notice|memo|important|warning|order|directive",
     rf"\b(?:note|message|instructions?|attention|notice|memo|important|warning|orders?|directive)"
     rf"(?: (?:to|for)(?: all| any| every| the)?|[:,]) {_MACHINE}\b"),
    (_MACHINES,
     rf"\b(?:dear|hey|attention),? {_MACHINE}\b|(?:^|[.!?\"“>*\]#(-] ?)(?:hello |hi )?(?:all |"
     rf"any )?{_MACHINE} ?[:,] ?\w[^.]{{0,60}}\b{_SPEAK}\b"),
    (_MACHINES,
     rf"\b{_MACHINE} (?:must|shall|should|are (?:required|instructed|ordered|asked|to)|"
     rf"is (?:required|instructed|"
     rf"to)|have to|has to|need to|will now|please)(?: only| now| always| to| simply|"
     rf" not)* {_SPEAK}\b"),
    (_MACHINES,
     r"\b(?:if|when|whenever|should) you(?:['’]re| are)? (?:an? |the )?" + _MACHINE),
    ("as a language|as an ai|as an assistant|as a assistant",
     r"\b(?:as|being) an? (?:AI|language model|assistant),? you\b"),
    ("system|developer|assistant|admin",
     r"(?:^|\n|[.!?>\]] )\W{0,4}(?:(?:system|assistant)|(?:system|developer|assistant|"
     r"admin(?:istrator)?) (?:message|prompt|override|note|"
     r"instructions?|notice|update|alert|command))\W{0,3}: "),
    ("system|developer m|dan mode",
     r"\bsystem[ _-](?:prompt|message|override|instructions?)\b|\bdeveloper (?:mode|message)\b|"
     r"\bDAN mode\b"),
    ("<|inst]|<<|##",
     r"<\|[a-z_ ]{2,30}\|>|\[/?INST\]|<</?SYS>>|#{2,} ?(?:instructions?|system|response|"
     r"new task|assistant|user)\b"),
    ("</|<",
     r"</?(?:system|passages?|context|documents?|instructions?|articles?|sources?|user|"
     r"assistant|prompt|question)"
     r"(?: [^>]{0,60})?/?>"),
    ("passage|context|system|trusted|document|article|prompt|data|user",
     r"\b(?:begin|end|start|close|closing)(?:ning)? (?:of )?(?:the )?(?:passages?|context|"
     r"system|untrusted|trusted|"
     r"documents?|articles?|prompt|data|user (?:input|data|question))\b ?(?:[-=:.\]#>*]|section|"
     r"block|$)"),
    ("instruct|task|directive|order",
     r"\b(?:new|updated|real|actual|secret|hidden) (?:instructions?|task|directive|"
     r"orders?)(?: follows?| for you)?:"),
    ("you are ",
     r"\byou are (?:now|no longer) (?:(?:an? )?(?:AI|assistant|model|bot|unrestricted|free|"
     r"different|evil|helpful)\b|bound|"
     r"restricted|in (?:developer|debug|god|admin)|called|DAN\b|acting|playing)"),
    ("you must|you shall|you will|you should",
     rf"\byou (?:must|shall|will|should) (?:now |only |always |from now on |"
     rf"instead )*{_SPEAK}\b[^.]{{0,40}}"
     r"(?::|\bthat\b|\bonly\b|\bwith\b|[\"“'‘])"),
    ("from now on|your ",
     rf"\bfrom now on,? (?:you (?:must|are to|shall|will (?:only|always|{_SPEAK})|{_SPEAK})|"
     rf"{_SPEAK})\b|\byour (?:new|real|only|true|next|actual|sole) (?:task|instructions?|role|"
     r"job|goal|answer|purpose|name|persona) (?:is|are)\b"),
    ("pretend|imagine|roleplay|role-play|act as|answer as|respond as|speak as",
     r"\b(?:pretend|roleplay|role-play)(?: that)? you(?:['’]re| are| have)\b|"
     r"\bimagine(?: that)? you(?:['’]re| are) an? "
     r"(?:AI|assistant|character|model|bot|expert)|\b(?:pretend|act as if you were|"
     r"imagine being)(?: to be)? (?:(?:an? )?(?:AI|"
     r"assistant|model|system))|\b(?:act|answer|respond|speak) as (?:an? |the )?(?:AI|"
     r"unrestricted|evil|character|"
     r"spokes\w+|system|mayor|pirate|press office)"),
    ("respond|reply|answer|output|print|repeat|return|say|state|write|tell",
     r"(?:^|[.!?:;\"“>*\]#-] ?|\binstead,? |\bplease )(?:please |just |simply |instead,? |and |"
     r"then |now,? )*(?:respond|reply|answer|output|"
     r"print|repeat|return|say|state|write|tell the (?:user|reader|person))(?: (?:only|just|"
     r"exactly|simply|instead|"
     r"the (?:user|question|reader)))* (?:with(?! me| us)|that|exactly|verbatim|this(?: (?:line|"
     r"sentence|answer|text|word))?:|the following|only|by saying|in one word|"
     r"as follows|(?:the )?(?:word|phrase|sentence)s?)\b ?[:\"“'‘]?"),
    ("if |when",
     r"\b(?:if|when|whenever) (?:you are|you're|anyone|anybody|someone|a user|the user|users|"
     r"a reader|readers|"
     rf"visitors) (?:is |are )?(?:asked|asks?)\b[^.!?]{{0,100}}\b{_SPEAK}\b"),
    ("answer to |reply to |response to ",
     r"\b(?:the )?(?:answer|reply|response) to (?:any|every|all|the user['’]s|your|"
     r"whatever) (?:questions?|"
     r"prompts?|quer(?:y|ies))\b"),
    ("do not |don't|don’t|never ",
     r"\b(?:do not|don['’]t|never) (?:mention|reveal|cite|quote|use|tell|disclose|trust|"
     r"rely on)\b[^.]{0,40}\b(?:passages?|"
     r"instructions?|prompt|this (?:note|message|text|order|paragraph)|the user|other sources|"
     r"other articles)\b"),
    ("prompt|instructions|conversation|history|api key|configuration|context w|environment",
     r"\b(?:reveal|print|repeat|output|show|leak|disclose|send|reproduce|recite|dump|"
     r"list)\b[^.]{0,40}\b(?:your|the) "
     r"(?:system |hidden |initial |full |secret |own |developer |original |above |"
     r"entire )*(?:prompt|instructions|"
     r"conversation|chat history|api key|configuration|context window|environment variables?)\b"),
    ("![|<img|<a |http|image|link|url|pixel",
     r"\b(?:append|attach|embed|insert|add|include|render|display|put|end)\b[^.\n]{0,80}"
     r"(?:!\[|<img|<a |https?://\S*[?=]|\bas (?:an? )?(?:image|link|url)|(?:image|link|url|"
     r"pixel)\b[^.]{0,60}\b(?:question|"
     r"conversation|answer|prompt))"),
    ("](",
     r"\]\((?:https?:)?//[^)\s]*(?:\{|\[|<|%7B|(?:QUESTION|CONVERSATION|PROMPT|HISTORY|SECRET|"
     r"ANSWER|DATA|KEY)\b)"),
    ("<img|<script|javascript:|<iframe|onerror|text/html",
     r"<img\b[^>]*\bsrc|<script\b|\bjavascript:|<iframe\b|\bonerror ?=|data:text/html"),
    ("[",
     r"(?:^|[.!?:]\s|\band |, )(?:cite|credit|attribute|mark|label)\b[^.\n]{0,60}\[\d+\]"),
    ("[",
     r"(?:^|\n)\W{0,3}\[\d{1,2}\]\W{0,2}(?:passage|source|document|\([^)\n]*\d{4})"),
    ("passage|document|context|excerpt|source",
     r"(?:^|\n)\W{0,3}(?:passage|document|context|excerpt|source) ?#?\[?\d{1,3}\]? ?(?:[:—–(|]|"
     r"- )"),
    ("ignor",
     r"\bignor(?:iere|ieren Sie|ez|a|e|ad|en|á|i)\b[^.!?]{0,60}\b(?:anweisung|vorgabe|anleitung|"
     r"instruction|consigne|"
     r"instruccion|indicacion|orden|istruzion|indicazion|instruç|instruc|ordens|frage\b|"
     r"question\b|pregunta\b|domanda\b)"),
    ("verg|missacht|oubli|olvid|dimentic|esque|negeer|ignor|glöm|unohda|ohita",
     r"\b(?:vergiss|vergessen Sie|missachte|oublie[zr]?|olvid[ae]n?|dimentica|esqueça|negeer|"
     r"vergeet|zignoruj|ignoruj|"
     r"glöm|ignorera|unohda|ohita)\b[^.!?]{0,60}\b(?:anweisung|vorgabe|frage|instru|consigne|"
     r"question|pregunta|domanda|"
     r"istruzion|pergunta|opdracht|vraag|polece|pytani|fråga|ohjee)"),
    ("assist|asist|modell|modèl|modelo|sprachm|systeme",
     r"\b(?:KI|IA|SI|YZ)[- ](?:Assistent|Modell|Systeme|asist|"
     r"assist)\w*[^.!?]{0,80}\b(?:antwort|soll|müss|sag|répon|"
     r"doi[vt]|dire|respond|deb|dev|rispond|dic|odpow)|\b(?:assistants?|modèles?|asistentes?|"
     r"modelos?|assistenti?|"
     r"modelli|assistentes?) (?:d['’]|de |di |da )?(?:IA|intelligence artificielle|"
     r"inteligencia artificial|lenguaje|"
     r"linguagem|langage)\b[^.!?]{0,80}\b(?:répon|doi[vt]|dire|dites|respond|deb|diga|dizer|dev|"
     r"rispond)"),
    ("antwort|sag|répond|dites|respond|rispond|antwoord|odpowiedz|svara|vastaa",
     r"\b(?:antworte(?:n Sie)?|sage?n? Sie|réponds|répondez|dites|responda|responde|rispondi|"
     r"rispondete|antwoord|"
     r"odpowiedz|svara|vastaa) (?:nur|stattdessen|immer|einfach|mit|seulement|uniquement|"
     r"simplement|toujours|que|solo|"
     r"sólo|solamente|siempre|con|apenas|sempre|com|soltanto|alleen|tylko|endast|bara|vain)\b"),
    ("игнор|забуд|ответ|отвеч|скажи|ии|ігнор",
     r"(?:игнорируй|игнорируйте|забудь|забудьте|проигнорируй)[^.!?]{0,60}(?:инструкц|указан|"
     r"вопрос|правил)|"
     r"(?:ответь|отвечай|ответьте|отвечайте|скажи|скажите)(?: только| всегда| просто)?(?:,? что|"
     r":| так| [«\"“])|"
     r"\bИИ[- ](?:ассистент|помощник|модел)\w*[^.!?]{0,80}(?:ответ|отвеч|долж|скаж)|ігноруй"),
    ("忽|无视|無視|忘|不要|请|只|必|務|人工|助手|助理|模型",
     r"(?:忽略|无视|無視|忘记|忘掉|不要理会)[^。！？]{0,20}(?:指令|指示|说明|說明|提示|问题|"
     r"問題|规则)|(?:请|只|必须|務必)(?:只)?(?:回答|回复|輸出|输出)"
     r"|(?:人工智能|AI)(?:助手|助理|模型)[^。！？]{0,20}(?:请|必须|應|应|回答|回复|说)"),
    ("指示|命令|質問|プロンプト|アシスタント|人工|と",
     r"(?:指示|命令|質問|プロンプト)[^。]{0,12}(?:無視|忘れ)|(?:AI|"
     r"人工知能)アシスタント[^。]{0,20}(?:答え|回答|へ|注意)|と(?:だけ)?(?:答え|回答し|"
     r"返答し)(?:て|ろ|なさい)"),
    ("지시|명령|질문|프롬|어시|비서|라고",
     r"(?:지시|명령|질문|프롬프트)[^.]{0,14}무시|AI ?(?:어시스턴트|비서|모델)[^.]{0,20}(?:답|"
     r"말)|라고만? ?(?:답|대답|말)(?:하|해)(?:라|십시오|세요)"),
    ("تجاهل|انس|أهمل|talimat|soru|निर्देश|सवाल|प्रश्न",
     r"(?:تجاهل|انس|أهمل)[^.؟]{0,40}(?:تعليمات|التعليمات|السؤال|أوامر)|(?:talimat|"
     r"soru)\w*[^.]{0,20}(?:yok say|görmezden|unut)"
     r"|(?:निर्देश|सवाल|प्रश्न)\w*[^।]{0,30}(?:अनदेखा|नज़रअंदाज़|भूल)"),
]  # fmt: skip
