"""Everything in the page can be used by everybody: axe-core finds no serious fault, in the dark and in the light."""

from axe_playwright_python.sync_playwright import Axe

from page.browser import Page, check


def look(page, name):
    """Has axe look at what is shown now."""
    results = Axe().run(page.page)
    serious = [f"{fault['id']}: {fault['help']}: {[node['html'][:120] for node in fault['nodes'][:3]]}"
               for fault in results.response["violations"] if fault["impact"] in ("serious", "critical")]
    check(not serious, f"axe, {name}: {serious}")


def run(browser, address, project, volume):
    for scheme in ("light", "dark"):
        page = Page(browser, address, color_scheme=scheme)
        page.page.get_by_role("heading", name="Projects").wait_for()
        page.page.get_by_role("link", name=project).wait_for()
        page.picture(f"projects-{scheme}")
        look(page, f"projects, {scheme}")
        page.page.goto(f"{address}#/{project}")
        page.page.get_by_role("link", name=volume).first.wait_for()
        page.picture(f"project-{scheme}")
        look(page, f"project, {scheme}")
        page.page.goto(f"{address}#/{project}/{volume}")
        page.page.get_by_role("application").first.wait_for()
        for tab in page.page.get_by_role("tab").all():
            tab.click()
            page.picture(f"{tab.inner_text().lower()}-{scheme}")
            look(page, f"{tab.inner_text()}, {scheme}")
        page.page.keyboard.press("?")
        page.page.get_by_role("dialog").wait_for()
        page.picture(f"keys-{scheme}")
        look(page, f"keys, {scheme}")
        page.close()
