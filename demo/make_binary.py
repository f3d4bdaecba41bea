"""Write the PDF and DOCX articles of the demo collection into demo/articles/documents/.

The resulting files are committed, so nothing needs this script at run time. It needs two build-time
tools: fpdf2 (checked with 2.8) for the PDF files and python-docx for the DOCX files:

    pip install fpdf2 python-docx && python demo/make_binary.py
"""

from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from fpdf import FPDF

OUT = Path(__file__).parent / "articles" / "documents"

PDFS = [
    {
        "file": "kestrel-2-first-results.pdf",
        "title": "Fourteen moonquakes and a stuck drill",
        "author": "Oriel Haugen",
        "source": "Perihelion Review",
        "created": datetime(2025, 2, 3, 9, 0, tzinfo=UTC),
        "format": "A5",
        "text": [
            (
                "Fifteen days after landing in Mare Frigoris, the spacecraft Kestrel-2 has exceeded the hopes of "
                "its builders in one respect and disappointed them in another. Its seismometer has recorded 14 "
                "moonquakes. Its drill is stuck."
            ),
            (
                "The quakes were weak, none stronger than magnitude 2.1, and most came from a depth of about 800 "
                "kilometres. Three, however, were shallow, and arrived from the same direction within a single "
                "hour. Scientists at the Grauburg institute that built the instrument suspect a fault line to the "
                'west of the lander. "We had expected three or four events, not a concert," said Henrike Vollmer, '
                "who leads the seismology team."
            ),
            (
                "The drill stopped on 26 January at a depth of 1.3 metres, 70 centimetres short of its goal, when "
                "it met what engineers think is a buried boulder. Attempts to turn it backwards have failed. A "
                "sample from 1.1 metres was nevertheless lifted and heated in the small oven on board; the gas "
                "that escaped contained traces of water, about 140 parts per million."
            ),
            (
                '"That is wetter than the dust at the surface and drier than our dreams," said Piet Aamodt, the '
                "mission's chief scientist. He cautioned that part of the water might come from the lander's own "
                "exhaust, which blew over the site during the descent. A second measurement with the oven empty "
                "is meant to settle the question."
            ),
            (
                "The night will decide the rest. On 2 February the Sun set over Mare Frigoris, and the "
                "temperature fell to minus 170 degrees. Kestrel-2 was never designed to survive that. Its "
                "batteries were charged all the same, its heaters were switched to the lowest setting, and a "
                "single receiver was left on."
            ),
            (
                "If the lander wakes up, the Nordhav Space Office will try to free the drill by letting the "
                "frozen shaft expand in the morning sun, an idea proposed by a 22-year-old student on a work "
                "placement, Signe Moltke. The first attempt to make contact is planned for 17 February."
            ),
            (
                "Whatever happens, Nordhav has already decided on a successor. Kestrel-3, announced at a meeting "
                "in Hammersund last week, is to fly in 2028 and to carry a rover weighing 90 kilograms. The "
                "governments involved have promised 520 million euros for it."
            ),
        ],
    },
    {
        "file": "glass-sponge-reef-cape-lorne.pdf",
        "title": "Glass reef older than the pyramids found off Cape Lorne",
        "author": "Tobias Wren-Hale",
        "source": "Ostermark Science Letter",
        "created": datetime(2024, 4, 25, 10, 0, tzinfo=UTC),
        "format": "A4",
        "text": [
            (
                "A reef built entirely by glass sponges, 3.2 kilometres long and at least 9,100 years old, has "
                "been discovered in deep water off Cape Lorne, a team from the University of Ostermark reports."
            ),
            (
                "The structure rises up to 18 metres from the sea floor at a depth of 430 metres. It was found by "
                "the research vessel Maren Holt during a survey for a power cable, when the sonar showed a ridge "
                "that was on no chart. A diving robot was sent down the next morning."
            ),
            (
                '"I thought at first that the camera had frozen on a picture of a cathedral," said Priya '
                "Castellane, the marine biologist who led the expedition. The team collected 63 samples and "
                "counted 17 species that have not been described before, among them a transparent shrimp and a "
                "pale yellow sea star."
            ),
            (
                "Glass sponges build their skeletons of silica and filter large quantities of water. According to "
                "the researchers, the reef clears as much water of bacteria every day as the sewage plant of a "
                "city of 50,000 people. Its age was determined from cores of the dead lower layers."
            ),
            (
                "The study appears in the Annals of Marine Discovery. The authors warn that tracks of trawl nets "
                "run within 200 metres of the reef."
            ),
        ],
    },
    {
        "file": "rate-cut-what-it-means.pdf",
        "title": "What the quarter point is worth",
        "author": "Leontine Vasse",
        "source": "The Ledgerman Weekend",
        "created": datetime(2024, 6, 22, 6, 0, tzinfo=UTC),
        "format": "A4",
        "text": [
            (
                "When the Bank of Corvania lowered its key rate on Wednesday, the governor spoke for eleven "
                "minutes about wages and for one about houses. Home owners would have preferred it the other way "
                "round."
            ),
            (
                "For a typical variable mortgage of 1.2 million crowns, the quarter-point cut is worth about 150 "
                "crowns a month, according to the consumer bureau Fairmeasure. That is less than the rise in "
                "building insurance since January. The three largest banks have said that they will pass the cut "
                "on in full from 1 August; the savings bank of Ardmoor intends to keep half."
            ),
            (
                "The three members of the council who voted against the decision, Ottilie Brandt, Marcus Fenn and "
                "Ruth Adair, have made no secret of their reasons. Collective agreements signed this spring "
                "brought average increases of 5.2 per cent, more than most firms can earn through higher "
                "productivity."
            ),
            (
                "Governor Elspeth Marrin, whose second term ends in March 2026, is betting that the agreements "
                "were a last echo of the inflation of 2022. If she is right, the rate could stand at 3.50 per "
                "cent a year from now. If she is wrong, said Fairmeasure's economist Joachim Stell, \"the shortest "
                "rate cycle in the bank's history began this week\"."
            ),
        ],
    },
]

DOCX = [
    {
        "file": "brindlewell-buys-castor.docx",
        "title": "Brindlewell buys Castor Mills for 3.1 billion crowns",
        "author": "Wilhelmina Stroh",
        "source": "The Ledgerman",
        "created": datetime(2024, 2, 5, 10, 45, tzinfo=UTC),
        "text": [
            (
                "Brindlewell Foods said on Monday that it would buy Castor Mills for 3.1 billion crowns in cash "
                "and shares, creating the country's largest maker of bread, flour and breakfast cereals."
            ),
            (
                "Shareholders of Castor will receive 18.50 crowns in cash and 0.4 Brindlewell shares for each "
                "share they hold, a premium of 27 per cent over Friday's closing price. The boards of both "
                "companies have recommended the deal unanimously."
            ),
            (
                "The combined group will be called Castor Brindlewell, employ 11,200 people and have its head "
                "office in Ardmoor, where Castor was founded in 1887. Brindlewell's chief executive, Halvard "
                "Quist, will run it; Castor's chief executive, Rosalind Amery, will leave after a handover of six "
                "months."
            ),
            (
                '"Grain prices have doubled in four years and supermarkets have not," said Quist. "Either we get '
                'bigger or we get squeezed." He put the yearly savings at 90 million crowns from the third year.'
            ),
            (
                "The takeover needs the consent of the Competition Authority, which is expected to take about "
                "five months. Shares in Castor Mills rose 22 per cent on the Ardmoor exchange; those of "
                "Brindlewell fell 3 per cent."
            ),
        ],
    },
    {
        "file": "calder-bay-outbreak-over.docx",
        "title": "Calder Bay outbreak declared over",
        "author": "Harriet Olding",
        "source": "Calder Bay Chronicle",
        "created": datetime(2024, 9, 27, 15, 30, tzinfo=UTC),
        "text": [
            (
                "The outbreak of Legionnaires' disease in Calder Bay is over, the county health board declared on "
                "Friday, six weeks after the last patient fell ill. In all, 44 people were infected and three "
                "died."
            ),
            (
                "In its final report the board says that the cooling tower of the Pellmark Laundry had missed "
                "three mandatory inspections in a row, and that the town's register, which should have raised the "
                'alarm, was kept by a single part-time clerk. "The system did not fail on one day. It had not '
                "been working for two years,\" said the report's author, the epidemiologist Maud Kettering."
            ),
            (
                "The board makes twelve recommendations. The most important is that operators of cooling towers "
                "should have to publish the results of each test online within 48 hours. Calder Bay has already "
                "hired two inspectors."
            ),
            (
                "The laundry reopened on 16 September with a closed cooling system that releases no droplets. Its "
                "owner, Gordon Pell, has set up a fund of 300,000 crowns for the families of the victims. The "
                "criminal inquiry continues, and a prosecutor said that no charges were expected before the new "
                "year."
            ),
        ],
    },
    {
        "file": "veskari-telephone-film.docx",
        "title": "The director who sold insurance by telephone",
        "author": "Basil Anstey",
        "source": "Reel & Light",
        "created": datetime(2024, 9, 17, 8, 0, tzinfo=UTC),
        "text": [
            (
                "Two years ago Ioana Veskari was selling insurance by telephone in the city of Brastova. On "
                "Saturday she won the Golden Heron at Marenza with her first feature film, and on Monday she "
                "still had no agent."
            ),
            (
                '"I kept the headset," she says over breakfast in a cafe behind the festival palace. "When nobody '
                'would finance the film I rang people up. I was good at ringing people up." In this way she '
                "collected 380,000 euros from 211 small investors, among them a dentist, a beekeeper and the "
                "whole of a retired miners' choir, which also sings on the soundtrack."
            ),
            (
                '"The Salt Ledger" tells the story of a bookkeeper, played by the stage actress Mirela Anton, who '
                "discovers that her mine has been closed on paper for years. Veskari wrote the script on the "
                "night shift. Her grandfather had been a bookkeeper in the salt mine of Ocnara, where most of the "
                "scenes were filmed."
            ),
            (
                'What comes next? A comedy, she says, "about people who sell insurance by telephone". She would '
                "like to start shooting in the autumn of 2025, and she already has the first three investors: "
                "they called her."
            ),
        ],
    },
]


class Page(FPDF):
    """A page with the outlet's name above and a page number below, as magazines print them."""

    source = ""

    def header(self) -> None:
        self.set_font("Helvetica", "B", 8)
        self.cell(0, 6, self.source.upper(), border="B", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("Helvetica", "", 8)
        self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")


def pdf(item: dict) -> None:
    page = Page(format=item["format"])
    page.source = item["source"]
    page.set_margins(18, 16, 18)
    page.set_auto_page_break(True, margin=20)
    page.set_title(item["title"])
    page.set_author(item["author"])
    page.set_subject(item["source"])
    page.set_creation_date(item["created"])
    page.add_page()
    page.set_font("Times", "B", 18)
    page.multi_cell(0, 8, item["title"], align="L", new_x="LMARGIN", new_y="NEXT")
    page.set_font("Times", "I", 10)
    page.cell(
        0,
        8,
        f"{item['author']}, {item['created']:%d %B %Y}".replace(" 0", " "),
        new_x="LMARGIN",
        new_y="NEXT",
    )
    page.set_font("Times", "", 11.5)
    for paragraph in item["text"]:
        page.multi_cell(0, 5.6, paragraph, align="J", new_x="LMARGIN", new_y="NEXT")
        page.ln(2.5)
    page.output(str(OUT / item["file"]))


def docx(item: dict) -> None:
    document = Document()
    core = document.core_properties
    core.title, core.author, core.subject = item["title"], item["author"], item["source"]
    core.created = core.modified = item["created"].replace(tzinfo=None)
    core.comments, core.language = "", "en"
    document.add_heading(item["title"], level=1)
    document.add_paragraph(f"{item['source']}, by {item['author']}").runs[0].italic = True
    for paragraph in item["text"]:
        document.add_paragraph(paragraph)
    document.save(str(OUT / item["file"]))


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for each in PDFS:
        pdf(each)
    for each in DOCX:
        docx(each)
    print(f"{len(PDFS)} PDF and {len(DOCX)} DOCX files in {OUT}")
