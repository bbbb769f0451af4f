"""An investigator looks at a CT and at the X-ray of before it, by pointer, by keyboard and without scripts."""

from __future__ import annotations

import os
import re
import time

import pytest
from playwright.sync_api import expect

from app.core import clock
from tests.imaging.made import dicom
from tests.journeys.doing import answer, day, follow, press
from tests.journeys.soundness import faults_of
from tests.journeys.test_a_disc_that_comes_in_parts import a_case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

#: The values of the two frames of the CT, in Hounsfield units: soft tissue, then air.
SOFT, AIR = 40, -1000
SIZE = {"Rows": 64, "Columns": 64, "BitsStored": 16, "HighBit": 15}


def frame_of(value, intercept=1024):
    return (value + intercept).to_bytes(2, "little") * 64 * 64


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    made = {
        "CT1.dcm": dicom(
            NumberOfFrames="2",
            PixelData=frame_of(SOFT) + frame_of(AIR),
            RescaleSlope="1",
            RescaleIntercept="-1024",
            **SIZE,
        ),
        "CT2.dcm": dicom(
            PixelData=frame_of(SOFT),
            RescaleSlope="1",
            RescaleIntercept="-1024",
            **SIZE,
            SeriesInstanceUID="1.2.3.5",
            SeriesNumber="3",
            SeriesDescription="Lung",
        ),
        "CR1.dcm": dicom(
            PixelData=frame_of(900, 0),
            StudyInstanceUID="1.2.3.4",
            StudyDescription="XR Chest",
            StudyDate="20190704",
            Modality="CR",
            PhotometricInterpretation="MONOCHROME1",
            **SIZE,
        ),
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in made]


def brought(page, office, images):
    """Bring the images in, wait until they are drawn, and be where the CT is looked at."""
    page.goto(f"{office}{a_case(page)}/evidence/")
    follow(page, "Enter a delivery")
    answer(page, "What came?").fill("Images")
    answer(page, "The complainant or their representative").check()
    day(page, "supplied_on", clock.today())
    answer(page, "On a disc or a memory stick").check()
    answer(page, "Copy").check()
    press(page, "Go on to its files")
    expect(page.get_by_role("button", name="Send files")).to_be_hidden()  # the script is there
    answer(page, "Choose files").set_input_files(images)
    expect(page.get_by_text("3 received.")).to_be_visible(timeout=60_000)
    page.goto(f"{office}{re.search('/cases/[^/]+', page.url).group()}/imaging/")
    for _ in range(120):
        if page.get_by_text("Look at the frames").count() == 2 and page.get_by_text("CT1.dcm").count():
            break
        time.sleep(0.5)
        page.reload()
    listed = page.locator("section").filter(has_text="CT Thorax")
    address = listed.get_by_role("button", name="Look at the frames").get_attribute("href")
    for _ in range(120):
        page.goto(f"{office}{address}?at=1")
        if page.get_by_text("1 of 3").count():
            return address
        time.sleep(0.5)
    raise AssertionError(page.content())


def grey(page, n=0):
    """How bright the middle of the canvas is."""
    read = "c => c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[0]"
    return page.locator("canvas").nth(n).evaluate(read)


def is_sound(page, place):
    """By axe, by our own check, and on a phone."""
    assert faults_of(page) == []
    for side in (320, 1200):
        page.set_viewport_size({"width": side, "height": 800})
        page.screenshot(path=f"{place}-{side}.png", full_page=True)


def blacken_by_hand(page):
    """Draw a box upon the picture, write another, and take both back."""
    page.set_viewport_size({"width": 1200, "height": 900})
    boxes, picture = page.get_by_label("What is to be blackened?"), page.locator("svg[data-blackens]")
    picture.scroll_into_view_if_needed()
    room = picture.bounding_box()
    point = room["width"] / float(picture.get_attribute("viewBox").split()[2])
    for button, is_given_up in (("right", False), ("left", True), ("left", False)):  # only the last draws
        page.mouse.move(room["x"] + 2.5 * point, room["y"] + 3.5 * point)
        page.mouse.down(button=button)
        page.mouse.move(room["x"] + 6.5 * point, room["y"] + 5.5 * point)
        if is_given_up:
            picture.dispatch_event("pointercancel", {"pointerId": 1})
        page.mouse.up(button=button)
    expect(boxes).to_have_value("2, 3, 5, 3")
    boxes.press("Control+End")
    boxes.press_sequentially("\n0 0 9 1\n-5 0 9 9")
    expect(picture.locator(".box--black")).to_have_count(2)  # the service would refuse the last
    expect(page.get_by_text("2 boxes are blackened in this picture.")).to_be_visible()
    for left in ("2, 3, 5, 3\n0 0 9 1", "2, 3, 5, 3", ""):
        page.get_by_role("button", name="Take back the last box").click()
        expect(boxes).to_have_value(left)
    expect(picture.locator(".box--black")).to_have_count(0)
    expect(page.get_by_role("button", name="Take back the last box")).to_be_focused()


def test_two_studies_are_looked_at_side_by_side(sign_in, browser, office, images, tmp_path):
    page = sign_in("investigator@office.example")
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    address = brought(page, office, images)
    stage = page.locator(".pane__stage").first
    window, centre, width = (answer(page, words).first for words in ("Window", "Centre", "Width"))

    stage.focus()
    stage.press("3")  # the mediastinum: soft tissue is in its middle
    expect(window).to_have_value("mediastinum")
    assert (centre.input_value(), width.input_value(), grey(page)) == ("40", "400", 128)
    stage.press("2")
    assert grey(page) == 236  # (40 + 1350) of 1500
    stage.press("i")
    assert grey(page) == 255 - 236
    stage.press("r")
    expect(window).to_have_value("header")
    centre.fill("0")
    width.fill("160")
    width.press("Tab")
    expect(window).to_have_value("own")
    assert grey(page) == 191  # (40 + 80) of 160

    stage.press("ArrowRight")
    expect(page.locator("[data-place]")).to_have_text("2")
    assert grey(page) == 0
    stage.press("PageDown")
    expect(page.locator("[data-place]")).to_have_text("3")
    stage.press("PageUp")
    expect(page.locator("[data-place]")).to_have_text("1")
    page.locator("[data-slider]").fill("2")
    expect(page.locator("[data-place]")).to_have_text("2")
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=5)
    page.mouse.up()
    assert float(width.input_value()) > 160
    assert "-1000 HU" in page.locator("[data-value]").inner_text()

    page.get_by_role("link", name=re.compile("XR Chest|CR XR Chest")).click()
    expect(page.locator(".pane")).to_have_count(2)
    expect(page.locator("canvas").nth(1)).to_be_visible()
    second = page.locator(".pane").nth(1)
    assert [option.strip() for option in second.locator("[data-preset] option").all_inner_texts()] == [
        "Whole range: the header says none",
        "Whole range",
        "As entered",
    ]
    expect(
        page.get_by_role("heading", name="“XR Chest” of 4 July 2019, CR, at Eastmarch General.")
    ).to_be_visible()
    expect(page.get_by_text("Not for diagnosis.")).to_be_visible()
    place = os.environ.get("SCREENSHOTS", str(tmp_path))
    is_sound(page, f"{place}/side-by-side")
    about = page.get_by_role("button", name="About this image").get_attribute("href")
    copies = page.get_by_role("button", name="De-identified copies").get_attribute("href")
    for name, path in (("image", about), ("copies", copies), ("copy", f"{copies}new")):
        page.goto(office + path)
        is_sound(page, f"{place}/{name}")
    blacken_by_hand(page)
    assert said == []

    plain = browser.new_context(
        base_url=office, java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(f"{address}?at=1")
    expect(plain.get_by_role("img", name="CT, Axial, image 1, frame 1 of 2")).to_be_visible()
    plain.get_by_role("link", name="Next frame").click()
    expect(plain.get_by_role("img", name="CT, Axial, image 1, frame 2 of 2")).to_be_visible()
    plain.get_by_role("link", name="Next series").click()
    expect(plain.get_by_role("img", name="CT, Lung, image 1")).to_be_visible()
    plain.get_by_role("button", name="About this image").click()
    expect(plain.get_by_role("heading", name="What identifies somebody")).to_be_visible()
    plain.context.close()
