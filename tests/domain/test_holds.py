"""Which first messages wait: examples in every language, and what people write harmlessly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.holds import FILE, REASONS, read_words, reasons_to_hold
from mapapp.errors import DataError

MONEY = [
    "Could you send me some money please?",
    "I need money for my operation.",
    "Please lend me 200 €, I pay it back on Friday",
    "Can you help me with $500 for my treatment?",
    "Only by Western Union.",
    "buy an iTunes card and send the code",
    "Gift cards are fine too",
    "My PayPal is under my name",
    "use cash app or Venmo",
    "Here is my bank account: DE89 3704 0044 0532 0130 00",
    "gb82west12345698765432",
    "We offer personal loans at 2%",
    "You have won the lottery!",
    "They ask for customs duty, I will refund you",
    "Please help with a donation for my surgery",
    "Hast du vielleicht etwas Geld für mich übrig?",
    "Tu pourrais m'aider avec 150€ pour mon loyer ?",
    "Kannst du mir Geld leihen?",
    "Schick mir bitte das Geld per Überweisung",
    "Ich brauche dringend 300 Euro",
    "Wir bieten Sofortkredite an",
    "Peux-tu m'envoyer de l'argent ?",
    "J'ai besoin d'argent",
    "Offre de prêt entre particuliers",
    "¿Me puedes prestar dinero?",
    "Envíame el dinero a mi cuenta bancaria",
    "Puoi inviarmi dei soldi?",
    "Fai un bonifico, per favore",
    "Você pode me emprestar dinheiro?",
    "Minha chave Pix é fácil",
    "Kun je me geld lenen?",
    "Stuur me even een tikkie",
    "Pożycz mi trochę pieniędzy",
    "Potrzebuję 500 zł, oddam jutro",
    "Bana para gönderir misin?",
    "Acil borç para lazım",
    "Пришли мне немного денег",
    "Переведи 5000 рублей на карту",
    "أرسل لي المال من فضلك",
    "احتاج فلوس ضروري",
    "お金を貸してください",
    "銀行口座に振り込んでほしい",
    "मुझे पैसे भेज दो",
    "मुझे उधार चाहिए",
    "你能借钱给我吗",
    "请转账到我的银行卡号",
]
CRYPTO = [
    "I trade Bitcoin, join me",
    "Send USDT",
    "My wallet address is 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "An investment with a guaranteed return of 20%",
    "This investment gives daily profits",
    "Earn passive income from home",
    "crypto",
    "Verdiene mit Kryptowährungen",
    "garantierte Rendite von 12 %",
    "Investissez dans les cryptomonnaies",
    "Ingresos pasivos con criptomonedas",
    "criptovalute con guadagni garantiti",
    "renda passiva com criptomoeda",
    "gegarandeerd rendement",
    "Zainwestuj w kryptowaluty",
    "kripto para ile pasif gelir",
    "Пассивный доход на криптовалюте",
    "استثمر في العملات الرقمية",
    "仮想通貨で必ず儲かる",
    "क्रिप्टो में निवेश करें",
    "比特币稳赚",
]
CURE = [
    "This tea cures dystonia.",
    "I found the cure!",
    "A miracle happened after two weeks of this",
    "I can heal you",
    "My herbs will heal your body",
    "Guaranteed results in 10 days",
    "It is a 100 % natural remedy",
    "Reverse your diabetes now",
    "There is no cure, they say, but my herbs cure it",
    "I was cured by a herbal doctor",
    "We help you to get rid of MS forever",
    "Your disease can be reversed",
    "Dieses Mittel heilt MS",
    "Eine Heilung ist möglich, ich zeige dir wie",
    "Das ist ein Wundermittel",
    "Ce remède miracle m'a guéri",
    "Tu peux guérir avec ces plantes médicinales",
    "Tengo la cura para tu enfermedad",
    "Este producto puede curar la diabetes",
    "Remedio natural 100 % efectivo",
    "Si può guarire con questo rimedio naturale",
    "Risultati garantiti",
    "Você pode ser curado",
    "Remédio caseiro com resultados garantidos",
    "Je kunt genezen met dit wondermiddel",
    "Te zioła mogą wyleczyć każdego",
    "Cudowny lek na wszystko",
    "Bu çay hastalığınızı iyileştirir",
    "Kesin çözüm bende",
    "Этот сбор вылечит вас",
    "Чудодейственное народное средство",
    "علاج نهائي بالأعشاب",
    "دواء يشفي من المرض",
    "この漢方で治ります、効果保証",
    "इस दवा से बीमारी जड़ से खत्म",
    "这个偏方可以根治",
]
CONTACT = [
    "Write to anna@example.org",
    "anna (at) example (dot) org",
    "anna at example dot org",
    "anna[at]example[punkt]de",
    "see https://example.com/offer",
    "hxxp://example.com",
    "www.example.net",
    "my page is example.com",
    "example。com",
    "t.me/someone",
    "Call me: +49 171 1234567",
    "0171 / 123 45 67 8",
    "(030) 123456-78",
    "on 12.03.2019 you can call 171 234 56 78",
    "0171 1234567 100 mg",
    "PMID 0171 1234567",
    "06 12 34 56 78",
    "٠١٧١١٢٣٤٥٦٧",
    "Are you on WhatsApp?",
    "what s app me",
    "Find me on Telegram",
    "add me on Signal",
    "my Insta is better",
    "my wechat",
    "join discord.gg/abc123",
    "write to drwilliams11 @ g m a i l . c o m",
    "Whats@pp me",
    "@anna_99",
    "My Discord name is kitty",
    "What's your number?",
    "Schreib mir auf Signal",
    "Meine Nummer schicke ich dir",
    "Écris-moi sur Instagram",
    "Mi número te lo paso",
    "Scrivimi su Instagram",
    "Me chama no zap",
    "Bel me op",
    "Dodaj mnie na Messengerze",
    "Telefon numaramı vereyim",
    "Напиши мне в телеграм",
    "Мой номер телефона пришлю",
    "راسلني على واتساب",
    "LINE交換しませんか",
    "मेरा नंबर ले लो",
    "加我微信吧",
    "加我的QQ",
]
HARMLESS = [
    "",
    "Hi, how are you? I have had MS for ten years and take 100 mg a day.",
    "I was diagnosed in 2019, 2020 was hard, 2021-2023 better.",
    "On 12.03.2019 and on 2020-05-17 I had an operation.",
    "My wheelchair cost 3000 euros and the insurance paid.",
    "I lost 20 pounds, I need new trousers.",
    "There is no cure, but physiotherapy helps me.",
    "Is there any cure? Nothing cured me so far.",
    "Would you like to meet at the station on Saturday at 15:30, room 204?",
    "How do you cope with work? Money is tight, but I manage with 20 hours.",
    "It is incurable, and that is not a cure either.",
    "They say it can't be cured. Nobody promised anything: there is no miracle.",
    "I feel secure. Curious people procure manicures; my security pass is obscure.",
    "The wound doesn't heal and my scars heal slowly.",
    "My rib hurts, the pain signal from the nerve is strong.",
    "Cryptogenic epilepsy and cryptococcal meningitis are rare.",
    "We chat every evening with my sister. What's up with you?",
    "I was tired.In the morning it was worse.It was hard.So I slept.",
    "PMID: 31234567, OMIM 12810000",
    "I take 2.5 mg, 10-20-30 mg, 1.000.000 IU of it.",
    "20 000 000 people have it",
    "10000000 IU of it, see notes.xqz",
    "I feel at home here. Do you ban sugar? I ban it.",
    "discord in my family, a line of people, a telescope",
    "I am in stable condition and invest a lot of time in exercise.",
    "The clinic is covered by the transfer of care; I did the transfer from bed to chair.",
    "Ich mache eine Kur in Bad Kissingen, die Wundheilung war gut.",
    "Es gibt keine Heilung, es ist unheilbar. Die Wunde heilt langsam.",
    "Ich bin seit 2010 krank und nehme 25 mg, 50 mg und 75 mg.",
    "Wie geht es dir? Das Gelderland ist schön, ich bin am Überlegen.",
    "Je fais une cure thermale chaque année. On ne guérit pas de cette maladie.",
    "Il n'y a pas de remède miracle.",
    "No tiene cura, pero vivo bien. No existe una cura.",
    "El cura de mi pueblo es amable.",
    "Non si guarisce, ma le cure aiutano. Le cure palliative sono buone.",
    "Não tem cura, mas a fisioterapia ajuda.",
    "Er is geen genezing, maar ik kijk wel uit. Ik kan niet genezen.",
    "Nie da się wyleczyć, ale leki pomagają.",
    "Kesin tedavisi yok ama iyiyim.",
    "Вылечить нельзя: никогда не вылечить. Мне помогает бассейн.",
    "لا شفاء منه لكنني بخير",
    "この病気は完治しませんが、元気です。",
    "治りませんが、薬で楽になります。",
    "इसका पक्का इलाज नहीं है, पर मैं ठीक से जी रहा हूँ।",
    "这种病无法治愈，但是我过得很好。",
]
TRICKS = [
    ("b i t c o i n", "crypto"),
    ("B.I.T.C.O.I.N", "crypto"),
    ("bit-coin", "crypto"),
    ("bi tco in", "crypto"),
    ("b1tc0in", "crypto"),
    ("ｂｉｔｃｏｉｎ", "crypto"),
    ("𝐛𝐢𝐭𝐜𝐨𝐢𝐧", "crypto"),
    ("b\u200bi\u200ct\u2060coin", "crypto"),
    ("bíṯcöin", "crypto"),
    ("bіtсоіn", "crypto"),  # with Cyrillic letters
    ("βitcoin investment ~ bitcοin", "crypto"),  # with a Greek omicron
    ("ВТС", "crypto"),  # Cyrillic throughout
    ("Привет, купи ВТС", "crypto"),
    ("i b i t c o i n", "crypto"),
    ("BITCOIN", "crypto"),
    ("U S D T", "crypto"),
    ("PayPa1", "money"),
    ("p a y p a l", "money"),
    ("g1ft c4rd", "money"),
    ("we stern union", "money"),
    ("ѕend mе mоney", "money"),
    ("s3nd m3 m0ney!", "money"),
    ("DE 89-3704-0044-0532-0130-00", "money"),
    ("send ５００ ＄", "money"),
    ("what s app", "contact"),
    ("whats-app", "contact"),
    ("w h a t s a p p", "contact"),
    ("tele gram", "contact"),
    ("t3legram", "contact"),
    ("anna＠example．org", "contact"),
    ("anna @ example.org", "contact"),
    ("exаmple.com", "contact"),
    ("+４９ １７１ １２３４５６７", "contact"),
    ("c u r e", "cure"),
    ("сure for all", "cure"),
    ("m i r a c l e", "cure"),
    ("cu\u00adres", "cure"),
]


@pytest.mark.parametrize("text", MONEY)
def test_money(text: str) -> None:
    assert "money" in reasons_to_hold(text)


@pytest.mark.parametrize("text", CRYPTO)
def test_crypto(text: str) -> None:
    assert "crypto" in reasons_to_hold(text)


@pytest.mark.parametrize("text", CURE)
def test_cure(text: str) -> None:
    assert "cure" in reasons_to_hold(text)


@pytest.mark.parametrize("text", CONTACT)
def test_contact(text: str) -> None:
    assert "contact" in reasons_to_hold(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str) -> None:
    assert reasons_to_hold(text) == ()


@pytest.mark.parametrize(("text", "reason"), TRICKS)
def test_tricks_are_seen_through(text: str, reason: str) -> None:
    assert reason in reasons_to_hold(text)


def test_several_reasons_come_in_their_order() -> None:
    text = "Cures MS! Pay in bitcoin, send me money, anna@example.org"
    assert reasons_to_hold(text) == REASONS


@pytest.mark.parametrize("number", ["DE89 3704 0044 0532 0130 01", "GB82 WEST 1234 5698 7654 33"])
def test_wrong_check_digits_are_no_bank_account(number: str) -> None:
    assert "money" not in reasons_to_hold(number)


def test_a_sum_needs_a_wish_nearby() -> None:
    far = " and then we talked about it for a long while in the kitchen "
    assert reasons_to_hold(f"It cost 300 euros{far}and I send greetings") == ()
    assert reasons_to_hold("please send 300 euros") == ("money",)


@given(st.text(max_size=600))
def test_no_text_breaks_it(text: str) -> None:
    reasons = reasons_to_hold(text)
    assert set(reasons) <= set(REASONS)
    assert reasons_to_hold(text) == reasons


@given(
    st.sampled_from([*MONEY, *CRYPTO, *CURE, *CONTACT]), st.text(" \t\n\u00a0\u3000", min_size=1)
)
def test_white_space_and_case_do_not_help(text: str, space: str) -> None:
    held = set(reasons_to_hold(text))
    assert held <= set(reasons_to_hold(space + text.replace(" ", space) + space))


@given(st.sampled_from([*MONEY, *CRYPTO, *CURE, *CONTACT]), st.sampled_from(HARMLESS))
def test_harmless_words_around_do_not_help(text: str, harmless: str) -> None:
    held = set(reasons_to_hold(text))
    assert held <= set(reasons_to_hold(f"{harmless}\n{text}\n{harmless}"))


@pytest.mark.parametrize("text", ["", "= =", "money = 5\ncrypto = 1\ncure = 1\ncontact = 1"])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "holds.toml"
    file.write_text(text)
    with pytest.raises(DataError, match=r"holds\.toml"):
        read_words(file)


def test_a_list_that_is_no_list_is_damage(tmp_path: Path) -> None:
    file = tmp_path / "holds.toml"
    words = FILE.read_text(encoding="utf-8")
    file.write_text(words.replace("[crypto.phrases]", '[crypto.phrases]\nxx = "bitcoin"', 1))
    with pytest.raises(DataError):
        read_words(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds\.toml"):
        read_words(tmp_path / "holds.toml")
