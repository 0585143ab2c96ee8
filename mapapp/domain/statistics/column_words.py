"""What each column of an export means."""

from mapapp.domain.published.rates import RATE_FROM

COLUMN_WORDS = {
    "area_id": "Number of the area in this site's area table; it changes when that table does.",
    "code": "Code of the area: world for the total of all, else ISO 3166 where there is one, "
    "otherwise our own code after X-. Our own are the codes of zones and of areas made of several, "
    "and old codes that have left the standard or stand for another area there today.",
    "code_standard": "Whose code that is: ISO 3166-1, ISO 3166-2 or own.",
    "name": "Name of the area. A zone has the name of its largest town. A zone without a town is "
    "named after the nearest one, such as “near Raipur (west)”, or otherwise after its region. "
    "Where a name would occur twice in a region, a second town, a direction or a number is added.",
    "level": "world (the total of all), country, region (ISO 3166-2) or zone.",
    "country": "Code of the country the area lies in; empty for the world. Namibia's is NA, which "
    "some programs take for a missing value: in pandas, read with keep_default_na=False.",
    "country_alpha3": "The three letters of that country in ISO 3166-1; empty for the world, for "
    "groups of small states, and for Kosovo, which is not in the standard.",
    "country_name": "Name of that country.",
    "residents": "Number of people who live there, estimated from open data, in two digits.",
    "condition": "Short name of the condition on this site.",
    "condition_name": "Name of the condition.",
    "mondo": "Its code in the Mondo Disease Ontology; empty where Mondo does not have it.",
    "orpha": "Its code at Orphanet; empty where no code there means this condition and no other.",
    "people": "Number of people listed there.",
    "per_million": "People listed there per million residents, in two digits; empty where fewer "
    f"than {RATE_FROM} are listed: one more person would change it too much.",
    "geometry": "Outline of the area, simplified, in degrees (WGS 84); none for totals: the "
    "world, and a country in a table of smaller areas.",
    "month": "Month at whose end they were listed, such as 2026-10.",
    "released_of": "hidden: people who chose only to be counted, who are in no other number. "
    "listed: people who are listed, by what they say of themselves.",
    "question": "What was asked, and of which areas: people (how many there are), role, language, "
    "birth and diagnosis (the decade), outcome and effects (of a treatment), followed by world or "
    "country.",
    "answer": "What is counted: a role, the code of a language (BCP 47), the first year of a "
    "decade, or how a treatment went. Empty where people or side effects are counted.",
    "treatment": "Name of the treatment, where the question is about treatments.",
    "estimate": "About how many gave this answer. Noise was added before it was frozen, so it is "
    "no count: estimates add up neither to each other nor to listed people. Empty where no answer "
    "to the question is shown.",
    "error": "95 of 100 estimates are off by no more than this.",
    "fewer_than": "Every answer to the question that has no line is fewer than this.",
    "epoch": "Quarter or year for which the estimate is frozen.",
}
