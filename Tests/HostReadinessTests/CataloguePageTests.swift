import FoundationEssentials
import Testing
import XFRMKit

@testable import HostReadiness
@testable import xfrmctl

/// `docs/CHECKS.md` and `xfrmctl check --list`
@Suite struct CataloguePageTests {
  private static let path =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/docs/CHECKS.md"

  @Test func thePageIsWhatTheCatalogueSays() throws {
    let page = String(decoding: try Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
    #expect(
      page == CataloguePage().text + "\n",
      "write it anew: xfrmctl check --list --format markdown >docs/CHECKS.md")
  }

  @Test func theProfileThatItShowsIsOne() throws {
    let profile = try Profile(parsing: CataloguePage.profile, name: "x")
    #expect(profile.name == "office" && profile.use == .strongswan)
    #expect(profile.rules.count == 4)
    #expect(profile.proposals == [.aes256gcm16, .aes256sha256])
    #expect(CataloguePage().text.contains(CataloguePage.profile))
  }

  @Test func everyCheckHasItsPlace() {
    let text = CataloguePage().text
    for entry in CatalogueEntry.all {
      #expect(text.contains("<a id=\"\(entry.id)\"></a>\n"))
      #expect(!entry.about.hasSuffix(".") && !entry.why.hasSuffix("."), "\(entry.id)")
    }
    for link in text.matches(of: /\]\(#([^)]+)\)/) {
      #expect(text.contains("<a id=\"\(link.1)\"></a>"), "\(link.1)")
    }
  }

  @Test(arguments: Use.allCases)
  func theListFitsATerminal(use: Use) {
    let text = CheckList(Profile(use)).text
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    for entry in CatalogueEntry.all { #expect(text.contains(" \(entry.id)")) }
    #expect(text.contains(" checks for \(use.rawValue), "))
  }

  @Test func theListFollowsTheProfile() {
    var profile = Profile(.minimal)
    profile.rules = [.init("xfrm.netlink", nil), .init("mod.*", .required)]
    let lines = CheckList(profile).text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("  not done    xfrm.netlink ") })
    #expect(lines.contains { $0.hasPrefix("  required    mod.esp4 ") })
  }
}
