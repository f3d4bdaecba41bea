"""What is said to somebody who asks in another language than English. Data, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ENGLISH_NAMES", "NOTICES", "Notice"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Sentences in one language, which is called ``name`` in itself and calls English ``english``.

    ``other_language`` says that the articles are in language {0}, the question in another; and to
    ask in {0}. ``unanswered``: no article says this. ``nearest`` stands before a quotation.
    """

    name: str
    english: str
    other_language: str
    unanswered: str
    nearest: str


NOTICES: Mapping[str, Notice] = {
    "de": Notice(
        "Deutsch",
        "Englisch",
        "Die Artikel sind auf {0}, die Frage ist auf Deutsch. Bitte stellen Sie sie auf {0}.",
        "Das sagt keiner der Artikel.",
        "Am nächsten kommt:",
    ),
    "fr": Notice(
        "français",
        "anglais",
        "Les articles sont en {0}, la question est en français. Veuillez la poser en {0}.",
        "Aucun des articles ne le dit.",
        "Le passage le plus proche :",
    ),
    "es": Notice(
        "español",
        "inglés",
        "Los artículos están en {0} y la pregunta en español. Por favor, hágala en {0}.",
        "Ninguno de los artículos lo dice.",
        "Lo más cercano:",
    ),
    "it": Notice(
        "italiano",
        "inglese",
        "Gli articoli sono in {0}, la domanda è in italiano. Per favore, la ponga in {0}.",
        "Nessuno degli articoli lo dice.",
        "Il passo più vicino:",
    ),
    "pt": Notice(
        "português",
        "inglês",
        "Os artigos estão em {0} e a pergunta em português. Por favor, pergunte em {0}.",
        "Nenhum dos artigos diz isso.",
        "O mais próximo:",
    ),
    "nl": Notice(
        "Nederlands",
        "Engels",
        "De artikelen zijn in het {0}, de vraag is in het Nederlands. Stel de vraag in het {0}.",
        "Geen van de artikelen zegt dit.",
        "Het dichtst in de buurt komt:",
    ),
    "sv": Notice(
        "svenska",
        "engelska",
        "Artiklarna är på {0}, frågan är på svenska. Ställ den på {0}.",
        "Ingen av artiklarna säger det.",
        "Närmast kommer:",
    ),
    "da": Notice(
        "dansk",
        "engelsk",
        "Artiklerne er på {0}, spørgsmålet er på dansk. Stil det på {0}.",
        "Ingen af artiklerne siger det.",
        "Nærmest kommer:",
    ),
    "pl": Notice(
        "polski",
        "angielski",
        "Język artykułów to {0}, a pytanie jest po polsku. Proszę zadać je w języku: {0}.",
        "Żaden z artykułów tego nie mówi.",
        "Najbliższy fragment:",
    ),
    "tr": Notice(
        "Türkçe",
        "İngilizce",
        "Makalelerin dili {0}, sorunun dili Türkçe. Lütfen soruyu bu dilde sorun: {0}.",
        "Makalelerin hiçbiri bunu söylemiyor.",
        "En yakın bölüm:",
    ),
    "ru": Notice(
        "русский",
        "английский",
        "Язык статей — {0}, а вопрос задан по-русски. Задайте его, пожалуйста, на языке статей.",
        "Ни в одной из статей этого нет.",
        "Ближе всего:",
    ),
    "zh": Notice(
        "中文",
        "英文",
        "文章是{0}的，问题是中文的。请用{0}提问。",
        "没有一篇文章提到这一点。",
        "最接近的是：",
    ),
    "ja": Notice(
        "日本語",
        "英語",
        "記事は{0}で、質問は日本語です。{0}で質問してください。",
        "これについて述べている記事はありません。",
        "最も近い記述:",
    ),
    "ko": Notice(
        "한국어",
        "영어",
        "기사는 {0}로 되어 있고 질문은 한국어입니다. {0}로 질문해 주세요.",
        "이를 말하는 기사는 없습니다.",
        "가장 가까운 내용:",
    ),
    "th": Notice(
        "ภาษาไทย",
        "ภาษาอังกฤษ",
        "บทความเป็น{0} แต่คำถามเป็นภาษาไทย กรุณาถามเป็น{0}",
        "ไม่มีบทความใดกล่าวถึงเรื่องนี้",
        "ข้อความที่ใกล้เคียงที่สุด:",
    ),
    "ar": Notice(
        "العربية",
        "الإنجليزية",
        "المقالات باللغة {0} والسؤال باللغة العربية. يرجى طرحه باللغة {0}.",
        "لا يذكر أي من المقالات ذلك.",
        "أقرب ما ورد:",
    ),
}
"""By the two letters of the language; English is what everything else is said in."""
ENGLISH_NAMES: Mapping[str, str] = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "sv": "Swedish", "da": "Danish", "pl": "Polish",
    "tr": "Turkish", "ru": "Russian", "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
    "th": "Thai", "ar": "Arabic",
}  # fmt: skip
