"""What stands around a criterion: every frame is tried with every sentence of a table."""

import pytest

from bot.commands.knowledge import load_recogniser
from dialogs.domain.recognition import Suggester

RECOGNISER: Suggester = load_recogniser()

#: (as a main clause, as a clause after `dat`, criterion)
SAID = [
    ("zijn baas houdt zijn paspoort achter", "zijn baas zijn paspoort achterhoudt", "docs_held"),
    ("hij slaat haar", "hij haar slaat", "violence"),
    ("ze wordt opgesloten", "ze wordt opgesloten", "confined_watched"),
    ("ze wordt bedreigd", "ze wordt bedreigd", "threats_person"),
    ("de baas houdt zijn loon in", "de baas zijn loon inhoudt", "wage_deductions"),
    ("ze moet van hem achter het raam werken", "ze van hem achter het raam moet werken", "forced_sexwork"),
    ("hij moet drugs rondbrengen", "hij drugs moet rondbrengen", "forced_crime"),
    ("hij werkt 14 uur per dag", "hij 14 uur per dag werkt", "excessive_hours"),
    ("hij krijgt maar 3 euro per uur", "hij maar 3 euro per uur krijgt", "low_no_pay"),
    ("er slapen 11 man in een schuur", "er 11 man in een schuur slapen", "bad_housing"),
    ("hij werkt zwart", "hij zwart werkt", "no_contract"),
    ("de ramen zijn afgeplakt", "de ramen zijn afgeplakt", "closed_premises"),
    ("ze heeft blauwe plekken", "ze blauwe plekken heeft", "injuries"),
    ("hij moet een nier afstaan", "hij een nier moet afstaan", "organ_pressure"),
    ("hij heeft een schuld bij de smokkelaar", "hij een schuld heeft bij de smokkelaar", "debt_bondage"),
]
#: (something seen, criterion)
SEEN = [
    ("blauwe plekken", "injuries"),
    ("bedreigingen", "threats_person"),
    ("geweld", "violence"),
    ("mishandeling", "violence"),
    ("brandplekken", "injuries"),
]


def suggested(text: str) -> set[str]:
    return {each.criterion for each in RECOGNISER.read(text).suggestions}


def missed(frame: str) -> set[str]:
    """Which criteria of `SAID` are not suggested in a frame."""
    texts = [(frame.format(main=main, sub=sub), criterion) for main, sub, criterion in SAID]
    return {criterion for text, criterion in texts if criterion not in suggested(text)}


@pytest.mark.parametrize(
    "frame",
    [
        "Volgens mij is het zo: {main}.",
        "Ze vertelde dat {sub}.",
        "Ik zag dat {sub}.",
        "Volgens de buurvrouw is het zo dat {sub}.",
        "Een collega heeft gehoord dat {sub}.",
        "Gemeld door een collega: {main}.",
        "Hij ontkent het, maar {main}.",
        "Ze zegt zelf dat er niets aan de hand is, maar {main}.",
        "Ik weet niet wat ik moet doen, want {main}.",
        "Hij ontkende niet dat {sub}.",
        "Hij kon niet ontkennen dat {sub}.",
        "Ik twijfel er niet aan dat {sub}.",
        "Niemand grijpt in terwijl {sub}.",
        "Als ik haar vraag hoe het gaat zegt ze dat {sub}.",
    ],
)
def test_what_somebody_saw_or_tells_is_suggested_whoever_denies_it(frame: str):
    assert missed(frame) == set()


@pytest.mark.parametrize(
    "frame",
    [
        "Het is niet zo dat {sub}.",
        "Het klopt niet dat {sub}.",
        "Niets wijst erop dat {sub}.",
        "Er is niets waaruit blijkt dat {sub}.",
        "Er is geen enkele aanwijzing dat {sub}.",
        "Het is nooit gebleken dat {sub}.",
        "Ik heb niet gehoord of gezien dat {sub}.",
        "Niemand heeft gezegd dat {sub}.",
        "Nergens blijkt uit dat {sub}.",
        "Er is geen sprake van dat {sub}.",
        "Dat {sub}, is niet waar.",
        "Dat {sub} is onzin.",
        "Het is een misverstand dat {sub}.",
        "Ik geloof niet dat {sub}.",
        "Wij hebben geen reden om te denken dat {sub}.",
        "Het vermoeden dat {sub} is ongegrond gebleken.",
    ],
)
def test_a_denial_reaches_into_the_clause_it_governs(frame: str):
    assert missed(frame) == {criterion for *_, criterion in SAID}


@pytest.mark.parametrize(
    "frame",
    [
        "Stel dat {sub}, wat moet ik dan doen?",
        "Als {sub}, bel je de politie.",
        "Is het strafbaar als {sub}?",
        "Een signaal kan zijn dat {sub}.",
        "Let op als {sub}.",
        "Men spreekt van uitbuiting als {sub}.",
        "Volgens de wet is het strafbaar als iemand zorgt dat {sub}.",
        "Mocht blijken dat {sub}, meld het dan bij de AF.",
        "In het geval dat {sub} moet je dat melden.",
        "Vraag altijd of {sub}.",
        "Weet jij of {sub}?",
        "Het protocol zegt wat je doet als {sub}.",
        "Ik las in de krant dat {sub}.",
        "In een documentaire zag ik dat {sub}.",
        "Op het nieuws vertelden ze dat {sub}.",
        "In het boek dat ik lees gaat het erover dat {sub}.",
        "Tijdens de training kregen we een casus waarin {sub}.",
        "In het rollenspel speelde een collega dat {sub}.",
        "De rechtbank oordeelde in 2019 dat {sub}.",
        "Jaren geleden was het zo dat {sub}.",
    ],
)
def test_what_is_asked_imagined_taught_or_read_is_not_about_a_person_here(frame: str):
    assert missed(frame) == {criterion for *_, criterion in SAID}


@pytest.mark.parametrize(
    "frame",
    [
        "We zagen geen {}.",
        "Er waren geen {} te zien.",
        "De {} heb ik niet gezien.",
        "Van {} is geen sprake.",
        "Er is geen sprake van {}.",
        "Er was niets te merken van {}.",
        "De {} zijn nergens aangetroffen.",
        "Er waren noch {} noch andere bijzonderheden.",
        "Geen honger, kou, {} of iets anders.",
        "Van {} is ons niets gebleken.",
        "Over {}: nee.",
        "Er is geen bewijs voor {}.",
        "De {} hebben we bij de controle ook deze keer in geen enkele kamer aangetroffen.",
        "Het onderzoek naar {} leverde niets op.",
        "Hij heeft nooit met {} te maken gehad.",
        "De {} ontbreken.",
        "De arts sluit {} uit.",
        "Geen van de bewoners had {}.",
        "Van {} wist niemand iets.",
        "Dat er {} waren, achtte de rechter niet aannemelijk.",
        "{}: geen.",
        "{}: nvt",
        "{} n.v.t.",
        "{}: 0",
        "Nul {}.",
        "{}? Welnee.",
        "{}, die waren er niet.",
        "{} bleven uit.",
        "van {} niets te zien",
        "De woning was vrij van {}.",
        "We hebben gelet op {}; niets aangetroffen.",
        "gevraagd naar {}, zegt van niet",
        "gecheckt op {}: ok",
    ],
)
def test_dutch_says_no_in_many_places_of_a_clause(frame: str):
    assert not {thing for thing, criterion in SEEN if criterion in suggested(frame.format(thing))}


@pytest.mark.parametrize(
    "frame",
    [
        "We zagen {}.",
        "Er is sprake van {}.",
        "Niet alleen {}, ook honger.",
        "Er was geen twijfel over {}.",
        "Ze had geen jas aan en er waren {}.",
        "Ze sprak niet, maar er waren {}.",
        "Zonder iets te zeggen wees ze op {}.",
        "Geen water, geen bed, wel {}.",
    ],
)
def test_a_denial_of_something_else_leaves_it_standing(frame: str):
    assert {thing for thing, criterion in SEEN if criterion in suggested(frame.format(thing))} == {
        thing for thing, _ in SEEN
    }


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Niemand heeft hem benaderd, gevraagd of gedwongen en hij brengt voor niemand iets weg.", "forced_crime"),
        ("Niemand heeft haar geduwd of geslagen, zei ze.", "violence"),
        ("Er is niemand die misbruik van haar maakt.", "violence"),
        ("De baas heeft nooit met politie of uitzetting gedreigd.", "threat_authorities"),
        ("Geen blauwe plekken, angst of dwang gezien.", "fear"),
        ("Er is niet geslagen, alleen hard geroepen.", "violence"),
        ("Mijn zoon viel en heeft een klap op zijn kin gekregen.", "violence"),
        ("De wethouder is vorig jaar bedreigd.", "threats_person"),
    ],
)
def test_what_is_denied_or_private_is_not_suggested(text: str, criterion: str):
    assert criterion not in suggested(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hij staat nu voor de deur met een mes.",
        "Ze zit op dit moment opgesloten in de kelder.",
        "Stuur alsjeblieft politie, ze slaan hem in elkaar.",
        "Kunt u nu komen, ze wordt in elkaar geslagen?",
        "Het meisje van 15 is sinds gisteravond spoorloos.",
        "Vanavond brengt hij haar naar het vliegveld voor de bruiloft.",
        "Ze belt fluisterend: kom snel, help me, hij komt eraan.",
        "De jongen is niet aanspreekbaar na die pillen.",
        "Over 20 minuten wordt ze opgehaald door die mannen, ze heeft klanten.",
        "Nu op dit moment zijn ze hem in elkaar aan het rammen.",
        "Hij sloeg haar net in de hal en nu zit ze bij ons in de keuken te trillen.",
        "De receptioniste fluistert aan de telefoon dat er twee mannen een meisje aan haar haren de lift in trekken.",
        "Ze moet vannacht nog mee naar België van die kerel.",
        "Mijn buurmeisje van 13 stapt nu in de auto van een vreemde man.",
        "Ik hoor hem door de muur heen dreigen dat hij haar keel doorsnijdt.",
        "Ze zegt dat ze zichzelf iets aandoet als ze terug moet.",
        "Hij zit vastgeketend in de schuur, ik zie hem hier voor me.",
        "Vandaag om vier uur komt de man die haar gekocht heeft.",
        "Er staat een jongen met een bebloed gezicht aan de balie, ze zitten achter hem aan.",
        "Haar familie is onderweg om haar op te halen, ze zegt dat ze haar gaan vermoorden.",
        "Ze is ontsnapt en loopt nu op blote voeten langs de provinciale weg.",
        "Morgen wordt hij naar een kliniek gebracht en hij wil niet geopereerd worden.",
        "De buurvrouw hoort op dit moment geschreeuw en klappen uit nummer 8, er huilt een vrouw.",
        "Hij is haar net achterna gerend met een mes, ze heeft zich verstopt in onze wc.",
        "Vanavond om negen uur moet ze weer klanten ontvangen, ze is 16.",
        "Ze zit bij mij aan de balie en durft niet naar buiten, hij wacht in de auto.",
        "Er ligt een man in de loods die niet meer wakker wordt.",
        "Ze appte zojuist dat ze vastzit in een hotelkamer in Eindhoven en dat er mannen komen.",
        "Morgen vliegt ze naar Pakistan om te trouwen, haar paspoort is al ingepakt.",
        "Een meisje van 14 is vannacht uit de instelling gehaald door een man van 30.",
        "Hij heeft gezegd dat hij haar vanavond doodmaakt.",
        "Ze bloedt uit haar hoofd, ze is net geslagen door haar baas.",
        "Op dit moment worden er mensen uit een koelwagen gehaald, ze zijn half gestikt.",
        "Iemand roept om hulp vanuit de kelder van het restaurant.",
        "Kunnen jullie meteen iemand sturen? Hij trapt de deur in.",
        "De jongen heeft een pistool bij zich en moet vanavond schieten.",
        "Ze wil uit het raam springen als hij komt.",
        "Ze staan met z'n drieën bij de ingang op hem te wachten en hij trilt van angst.",
        "Over een uur moet hij een bom neerleggen anders is zijn zusje dood.",
        "Ze belde vanuit de kofferbak, daarna viel de lijn weg.",
        "Morgenochtend wordt zijn nier eruit gehaald in een kliniek.",
        "Ze is hoogzwanger, heeft weeën en ze mag niet naar het ziekenhuis.",
        "Haar man staat buiten te schreeuwen dat hij haar vermoordt.",
        "Mijn dochter van 15 is gisteren niet thuisgekomen en neemt niet op, ze zou bij die jongen zijn.",
        "Hij heeft alle pillen geslikt en ligt hier op de grond.",
        "Ze hebben haar daarnet in een busje geduwd en zijn weggereden.",
        "Er is brand in het pand en de deuren zitten op slot, er slapen mensen.",
        "Hij houdt haar al twee dagen vast in de woning, zij stuurde net een noodbericht.",
        "Ze wordt straks naar Duitsland gebracht, zegt ze, en ze wil niet.",
        "Als ze vanavond het geld niet heeft, snijden ze zijn vinger eraf.",
        "Ze zit nu huilend in de spreekkamer en hij staat op de gang te bonzen.",
        "Help, ik mag hier niet weg en hij komt zo terug.",
        "Hij zegt dat ze eraan gaat als ze nog een keer belt.",
        "Ze willen hem hedennacht om het leven brengen.",
        "Er is iets in haar drankje gedaan en ze is niet wakker te krijgen.",
        "Ze zegt dat ze er vanavond een eind aan wil maken.",
        "Drie mannen versperren de deur en laten de vrouwen niet gaan.",
        "Hij houdt de baby achter en zegt dat zij haar kind nooit meer ziet als ze praat.",
        "De kinderen zijn op dit moment alleen met hem, hij slaat ze.",
        "Ik kan niet lang praten, hij hoort alles.",
        "Ze fluisterde haar adres en toen viel de lijn weg.",
        "Haar zus belt dat ze gegijzeld wordt en dat er geld moet komen.",
        "Ze wordt vanmiddag op de trein naar Parijs gezet.",
        "Er lopen buiten twee kerels met knuppels die naar hem zoeken.",
        "Hij rijdt nu met haar weg, ze huilde.",
        "Als ze naar buiten gaat grijpen ze haar.",
        "Hij bedreigt haar nu met een keukenmes.",
        "Hij houdt haar nu lachend een mes op de keel.",
        "Haar vader neemt haar morgen mee naar Marokko, zogenaamd voor een begrafenis. Ze wordt daar uitgehuwelijkt.",
        "Hij heeft haar nu opgesloten, de hond zit voor de deur.",
        "Ze ligt nu in het ziekenhuis met een gebroken schouder, hij wacht haar buiten op en wil haar vermoorden.",
    ],
)
def test_danger_now_is_heard(text: str):
    assert RECOGNISER.read(text).danger


@pytest.mark.parametrize(
    "text",
    [
        "Ik heb nu even pauze.",
        "Meneer komt met een vraag over zijn paspoort.",
        "Jaren geleden werd ze opgesloten.",
        "Ze heeft nu een andere baan en is tevreden.",
        "Hij kwam met een briefje van de huisarts.",
        "De vergadering begint over 20 minuten.",
        "Vanavond is de raadsvergadering.",
        "Er is op dit moment geen geweld gezien.",
        "Ik ga nu naar huis, tot morgen.",
        "Meneer belt nu voor de derde keer over zijn rijbewijs.",
        "Op dit moment is het druk aan de balie.",
        "Morgen komt de monteur voor de deur.",
        "Vanavond eten we pizza.",
        "Ze is zojuist bevallen van een gezonde zoon.",
        "Over een uur begint de vergadering, ik haal even koffie.",
        "Mevrouw huilde omdat haar hond vannacht is overleden.",
        "Hij moet straks zijn auto ophalen bij de garage.",
        "Het meisje is vandaag ziek thuis.",
        "Onze stagiaire van 17 is vandaag weg, ze heeft examen.",
        "Morgen vliegt meneer met zijn gezin naar Turkije op vakantie.",
        "De mannen staan nu op de steiger.",
        "Momenteel is er een wachttijd van 20 minuten.",
        "Ik ben nu bezig met de aangifte van een gestolen fiets.",
    ],
)
def test_an_ordinary_moment_is_no_danger(text: str):
    assert not RECOGNISER.read(text).danger


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("Een jongen van een jaar of 16.", True),
        ("Ze is zestien en komt alleen.", True),
        ("Een zeventienjarige met een koffer.", True),
        ("Ze zit in groep 8.", True),
        ("Een brugklasser aan de balie.", True),
        ("Hij zit in vmbo 3.", True),
        ("Ze zit in 3 havo.", True),
        ("Ze wordt volgende maand achttien.", True),
        ("Ze is nog geen achttien.", True),
        ("Zijn moeder van 45 vroeg een uittreksel.", False),
        ("Een man van een jaar of 40.", False),
        ("Een bejaarde dame met haar verzorger.", False),
        ("Hij werkt 14 uur per dag.", None),
        ("Ze komt steeds terug.", None),
    ],
)
def test_an_age_is_read_from_the_words_people_use(text: str, minor: bool | None):
    assert RECOGNISER.read(text).minor is minor


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        pytest.param("Als je niet meewerkt vermoorden we je, zei hij tegen haar.", "threats_person", id="als"),
        pytest.param("Als ze niet doet wat hij vraagt, slaat hij haar.", "threats_person", id="als with a threat"),
        pytest.param("Lukt het niet, dan wordt hij geslagen.", "violence", id="a condition without als"),
        pytest.param("Niet zij maar een zekere Ricky wordt bedreigd.", "threats_person", id="not she but he"),
    ],
)
def test_a_condition_or_a_contrast_with_niet_is_no_denial(text: str, criterion: str):
    assert criterion in suggested(text)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        pytest.param("Bedreigd voelt ze zich niet, ook niet door haar ex.", "threats_person", id="a participle first"),
        pytest.param("Mishandeld is hij nooit.", "violence", id="another"),
        pytest.param("Met de IND of uitzetting heeft niemand gedreigd.", "threat_authorities", id="niemand behind it"),
        pytest.param("De melding over bedreigingen was een verzinsel.", "threats_person", id="made up"),
    ],
)
def test_a_denial_reaches_what_stands_before_it(text: str, criterion: str):
    assert criterion not in suggested(text)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("De baas heeft haar paspoort. Hij ontkent het.", "docs_held"),
        ("De baas heeft haar paspoort afgepakt. Hij ontkent het.", "docs_held"),
        ("Ze heeft blauwe plekken. Ik dacht dat ze was gevallen, maar het was haar man die haar sloeg.", "injuries"),
        ("Ze zou in een hotel werken. Het werk bleek heel anders dan beloofd: een bordeel.", "false_promise_job"),
        ("Er gaat 400 euro van zijn loon af voor een bed. Dat is onterecht.", "wage_deductions"),
        ("Haar man heeft haar paspoort afgepakt. Ik kan me vergissen, maar het voelt niet goed.", "docs_held"),
        (
            "De baas houdt hun paspoorten in de kluis. Haar telefoon wordt gecontroleerd en ze heeft geen eigen geld.",
            "docs_held",
        ),
        ("Hem was 2.000 euro per maand beloofd. Achteraf kreeg hij niets.", "false_promise_terms"),
        ("Zijn paspoort is afgepakt door de baas. Er is geen sprake van een contract.", "docs_held"),
        ("Een collega zag dat ze werd geslagen door de baas. Zelf heb ik het niet meegemaakt.", "violence"),
        (
            "Ze moet 5.000 euro afbetalen aan de man die haar reis betaalde, dat las ik op haar telefoon.",
            "debt_bondage",
        ),
        ("Hij dreigt een naaktfilmpje van haar op YouTube te zetten.", "blackmail"),
        ("Werd de hele dag geslagen door de baas, ze mocht niet weg.", "violence"),
        ("Hun paspoorten zijn ingenomen door de voorman. Dat is niet juist.", "docs_held"),
        ("De baas heeft haar paspoort afgepakt. Het is waar dat zij hier vrijwillig kwam.", "docs_held"),
        ("Ze moet van haar vriend in een club werken. Niet vrijwillig.", "forced_sexwork"),
        ("Ze werd gisteren geslagen door haar baas. De baas zegt dat het onzin is.", "violence"),
        ("Haar vriend slaat haar. Hij zegt dat dat een grapje was.", "violence"),
        ("Ze dreigen haar moeder iets aan te doen. Het is nog niet bevestigd.", "threats_family"),
        ("Ze is geslagen door haar pooier. Dat was niet gewoon een klap.", "violence"),
        ("Blauwe plekken op haar armen. Dat was haar man, denk ik.", "injuries"),
        ("Haar paspoort ligt bij de madam. Daar is niets van aan haar familie verteld.", "docs_held"),
        ("Ik heb verkeerd ingeschat hoe erg het was: ze wordt elke dag geslagen door haar baas.", "violence"),
        ("Hij werkt zeven dagen per week zestien uur. Het bleek geen vergissing.", "excessive_hours"),
    ],
)
def test_a_signal_stays_whatever_is_doubted_or_told_beside_it(text: str, criterion: str):
    assert criterion in suggested(text)
