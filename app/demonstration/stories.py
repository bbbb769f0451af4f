"""What the demonstration office's complaints are about. Everything here is invented."""

from __future__ import annotations

from dataclasses import dataclass

from app.allegations.models import Kind


@dataclass(frozen=True)
class Story:
    """One kind of complaint, as a caseworker and then an investigator would write it down."""

    narrative: str
    wanted: str
    issue: str
    kind: Kind
    modality: str
    codes: tuple[str, ...]
    happened: str
    should: str
    standard: str
    clause: str
    gap: str
    injustice: str
    action: str
    evidence: str
    public: str


STORIES = (
    Story(
        narrative="My mother had a chest X-ray for a cough that would not go. We heard nothing and took that"
        " for good news. Eleven months later she was told that the shadow on it should have been followed up.",
        wanted="To know why nobody told us, and that it will not happen to another family.",
        issue="A shadow on a chest X-ray was reported, and nobody acted on the report.",
        kind=Kind.CLINICAL,
        modality="CR",
        codes=("J1", "I4"),
        happened="The X-ray was reported two days after it was taken, with advice to arrange a CT scan. The"
        " audit log of the reporting system shows that nobody in the requesting team opened the report.",
        should="The requesting team should have read the report, acted on it and recorded that it did so.",
        standard="RCR-BFCR(16)4",
        clause="standards on reading and acting on reports",
        gap="The report was never read, and the unacknowledged alert was not escalated.",
        injustice="The diagnosis came eleven months late. On the balance of probabilities, treatment with a"
        " better prospect was lost, and the family was left with avoidable distress.",
        action="Show that every imaging report with an alert is acknowledged by the requesting team, and that"
        " one which is not is escalated within five working days.",
        evidence="An audit of three consecutive months: alerts sent, acknowledged and escalated.",
        public="Make sure that imaging alerts are acknowledged, and escalated when they are not.",
    ),
    Story(
        narrative="I hurt my wrist in a fall. The emergency department said that the X-ray was fine. Six weeks"
        " later another hospital saw the fracture on the very same picture, and I needed an operation.",
        wanted="An apology, and an explanation of how it was missed.",
        issue="A fracture on a wrist X-ray was not seen.",
        kind=Kind.CLINICAL,
        modality="DX",
        codes=("E1", "E8"),
        happened="The X-ray was looked at in the emergency department and discharged as normal. No formal"
        " report was made.",
        should="A clinical evaluation of each exposure should be recorded, and the fracture was visible.",
        standard="IRMER17",
        clause="reg 12(9)",
        gap="No evaluation was recorded, and nobody with the training to report looked at the X-ray.",
        injustice="Six weeks of pain, and an operation that early treatment would have made unnecessary.",
        action="Apologise in writing for the missed fracture and what followed from it.",
        evidence="A copy of the letter of apology.",
        public="Apologise for a missed finding.",
    ),
    Story(
        narrative="My husband waited nine weeks for the report of his CT scan. By the time it came he was too"
        " ill for the treatment he would have had.",
        wanted="To know how long others wait, and who keeps watch over it.",
        issue="The report of a CT scan came nine weeks after the scan.",
        kind=Kind.ADMINISTRATIVE,
        modality="CT",
        codes=("G1", "G4"),
        happened="The scan was taken and stood in a list of unreported scans for sixty-three days.",
        should="A verified report should be available within four weeks of the scan.",
        standard="NHSE-TAT",
        clause="28 days",
        gap="The report was five weeks late, and the backlog was not sorted by risk.",
        injustice="Five weeks of avoidable uncertainty, and the loss of a treatment that had been offered.",
        action="Send a plan for unreported scans: how they are sorted by risk, and when they are escalated.",
        evidence="The plan as adopted, and the board minute that adopted it.",
        public="Keep watch over unreported scans and sort them by risk.",
    ),
    Story(
        narrative="The scan of my liver showed a nodule in the lung. The hospital wrote to the practice to arrange"
        " another scan in three months. Nobody did, and nobody told me that there was anything to arrange.",
        wanted="That somebody takes responsibility for following things up.",
        issue="Follow-up of a lung nodule was handed back to the practice and not arranged.",
        kind=Kind.CLINICAL,
        modality="CT",
        codes=("L3", "J5", "M1"),
        happened="The hospital asked the practice to refer for a further scan. The letter was filed unread.",
        should="The team that found the nodule should have arranged its follow-up and told the patient.",
        standard="RCR-BFCR(16)4",
        clause="communication to the team now responsible",
        gap="Responsibility was handed over without anybody having accepted it.",
        injustice="Six months in which the nodule grew, and the distress of learning of it by chance.",
        action="Change the policy so that the team which orders surveillance imaging books it itself.",
        evidence="The changed policy, and a sample of twenty patients showing that it is followed.",
        public="Book surveillance imaging in the team that orders it.",
    ),
    Story(
        narrative="An MRI of my back showed something on the kidney. I was told that the scan was normal. I read"
        " about the kidney in a letter I happened to be copied into a year later.",
        wanted="The truth, and a copy of everything that was written about it.",
        issue="The patient was told that a scan was normal when it was not.",
        kind=Kind.CLINICAL,
        modality="MR",
        codes=("M2", "M5"),
        happened="The report mentioned an incidental finding. The clinic letter said that the scan was normal.",
        should="The patient should have been told of the finding and of what was planned about it.",
        standard="DOC-20",
        clause="20(2) and 20(3)",
        gap="The patient was wrongly reassured, and the duty of candour was not considered.",
        injustice="A year of wrong reassurance and the distress of finding out by accident.",
        action="Pay £1,000 in recognition of the distress, and apologise in person.",
        evidence="Proof of payment and a note of the meeting.",
        public="Recognise the distress of wrong reassurance.",
    ),
    Story(
        narrative="I complained to the hospital in March. It answered in January, and got the date of the scan"
        " wrong. I had to ask four times.",
        wanted="An answer to the questions I asked in the first place.",
        issue="The complaint was answered ten months later, and wrongly.",
        kind=Kind.COMPLAINT_HANDLING,
        modality="",
        codes=("P2", "P3"),
        happened="The complaint was acknowledged on time. The response came after ten months and gave the wrong"
        " date of the scan.",
        should="A response, or an explanation of the delay, should come within six months.",
        standard="NHSCS",
        clause="thorough and fair",
        gap="The response was four months late without an explanation, and its facts had not been checked.",
        injustice="Frustration and the work of asking again and again.",
        action="Review how complaint responses about imaging are checked against the record before they are sent.",
        evidence="The changed procedure, and ten responses checked against it.",
        public="Check the facts of complaint responses before they are sent.",
    ),
)

PEOPLE = (
    "Orla Penhaligon", "Zoë Abara-Whitlock", "Ravindra Thistlewood", "Mairi Ó Sandford", "Bartholomew Quill",
    "Nkechi Larkspur", "Eluned Marchbanks", "Yusuf Tamblyn", "Ines Hollowell", "Casimir Appleyard",
    "Thandiwe Rushmere", "Gwilym Farthing", "Saoirse D’Albret", "Kofi Wintergreen", "Philippa Nettlefold",
    "Aurelio Strand", "Hester Vanbrough", "Tariq Holloway-Finch", "Beatrix Underhay", "Leszek Cobbold",
)  # fmt: skip
