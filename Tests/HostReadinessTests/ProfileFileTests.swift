import Testing
import XFRMKit

@testable import HostReadiness

/// Profiles of a user's own.
@Suite struct ProfileFileTests {
  private func error(_ text: String) -> ProfileError? {
    do throws(ProfileError) {
      _ = try Profile(parsing: text, name: "x")
      return nil
    } catch {
      return error
    }
  }

  @Test func saysWhatMatters() throws {
    let profile = try Profile(
      parsing: """
        # ours
        name  the office
        base strongswan   # as a start

        require mod.af_key
        optional mod.*
        skip xfrm.esp6.* env.privilege
        recommend mod.esp4\r
        proposal aes128gcm16 aes256-sha256
        proposal chacha20poly1305
        """, name: "x")
    #expect(profile.name == "the office")
    #expect(profile.use == .strongswan)
    #expect(profile.proposals == [.aes128gcm16, .aes256sha256, .chacha20poly1305])
    let severities = Dictionary(
      uniqueKeysWithValues: CatalogueEntry.all.map { ($0.id, $0.severity(under: profile)) })
    // The last line about a check counts.
    #expect(severities["mod.af_key"] == .optional)
    #expect(severities["mod.esp4"] == .recommended)
    #expect(severities["xfrm.esp6.gcm"] == .some(nil))
    #expect(severities["env.privilege"] == .some(nil))
    // Of what no line is about, the base says how much it matters.
    #expect(severities["xfrm.esp4"] == .required)
    #expect(severities["xfrm.esp4.gcm"] == .recommended)
  }

  @Test func whatIsNotSaidIsTheBase() throws {
    for use in Use.allCases {
      let profile = try Profile(parsing: "base \(use)", name: "mine")
      #expect(profile.name == "mine")
      #expect(profile.rules == [] && profile.proposals == Profile(use).proposals)
    }
    #expect(try Profile(parsing: "name minimal", name: "x") == Profile(.minimal))
  }

  @Test(arguments: [
    ("demand xfrm.esp4.gcm", 1, ProfileError.Problem.unknownWord("demand")),
    ("\n# a\nskip", 3, .missingValue("skip")),
    ("name # none", 1, .missingValue("name")),
    ("base algo\nbase algo", 2, .repeated("base")),
    ("name a\nname b", 2, .repeated("name")),
    ("base gateway algo", 1, .extraValue("base")),
    ("base openvpn", 1, .unknownUse("openvpn")),
    ("require xfrm.esp4.gcm xfrm.esp9.gcm", 1, .noSuchCheck("xfrm.esp9.gcm")),
    ("skip nothing.*", 1, .noSuchCheck("nothing.*")),
    ("proposal aes256gcm16\nproposal rot13", 2, .unknownProposal("rot13")),
    ("", 1, .saysNothing),
    ("# require nf.*\n\n", 1, .saysNothing),
  ])
  func namesWhatIsWrong(text: String, line: Int, problem: ProfileError.Problem) {
    #expect(error(text) == ProfileError(line: line, problem: problem))
    #expect(error(text).map { "\($0)".count < 120 } == true)
  }

  @Test func wordsOfErrors() {
    #expect(
      error("demand x").map { "\($0)" }
        == "“demand” is none of name, base, require, recommend, optional, skip and proposal")
    #expect(
      error("base").map { "\($0)" }
        == "“base” takes one of minimal, gateway, strongswan, algo and libreswan behind it")
    #expect(error("skip x.*").map { "\($0)" } == "no check fits “x.*”")
  }
}
