import TestSupport
import Testing

extension Kernel {
  /// The units of `Extras/systemd`, under a systemd that boots.
  @Suite(
    "At boot",
    .disabled(if: Bed.name == "host", "the machine has been booted already"))
  struct BootTests {
    private static let script =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
      .joined(separator: "/") + "/boot"

    @Test("guards come before the network, stay if anything fails, and give way to the whole")
    func boot() async throws {
      let outcome = try await Shell.run(
        "exec \"$1\" \"$XFRMCTL\"", [Self.script])
      #expect(outcome.status == 0, "\(outcome.complaint)")
      var parts: [String: String] = [:]
      var name = ""
      for line in outcome.output.split(separator: "\n") {
        if line.hasPrefix("== ") {
          name = String(line.dropFirst(3))
        } else {
          parts[name, default: ""] += line + "\n"
        }
      }
      func part(_ name: String) -> String { parts[name] ?? "" }
      func count(_ word: String, in name: String) -> Int {
        part(name).split(separator: "\n").count { $0.contains(word) }
      }
      let (allow, block) = (#""action":"allow""#, #""action":"block""#)

      // Nothing was there to protect with, and the network could come.
      #expect(count(block, in: "early") == 4 && count(allow, in: "early") == 0, "\(outcome.output)")
      #expect(part("guards").contains("Result=success"))
      #expect(part("without-keys").contains("ExecMainStatus=65"))
      #expect(part("locked") == part("early"))
      // One capability less, and it cannot do what it does with it below.
      #expect(part("powerless").contains("ExecMainStatus=77"), "\(part("powerless"))")
      #expect(part("still-locked") == part("early"))

      #expect(part("with-keys").contains("Result=success"))
      #expect(count(allow, in: "policies") == 2 && count(block, in: "policies") == 2)
      #expect(count(#""templates":[{"#, in: "policies") == 2)
      #expect(count(#""spi""#, in: "associations") == 2)
      #expect(part("setting") == "0\n")
      #expect(part("restarted") == part("policies"))
      #expect(part("drift").contains("Result=success"))

      // Another boot: whatever has become of the ledger guards are there, and the keys are used up.
      #expect(part("guards-anew").contains("Result=success"), "\(part("guards-anew"))")
      #expect(count(block, in: "anew") == 4 && count(allow, in: "anew") == 0)
      #expect(part("damaged").contains("ExecMainStatus=73"), "\(part("damaged"))")
      #expect(part("used").contains("ExecMainStatus=1\n"), "\(part("used"))")
      #expect(part("why").contains("was used before, at "), "\(part("why"))")
      #expect(count(block, in: "locked-anew") == 4 && count(allow, in: "locked-anew") == 0)
      #expect(part("with-new-keys").contains("Result=success"), "\(part("with-new-keys"))")
      #expect(count(allow, in: "policies-anew") == 2 && count(block, in: "policies-anew") == 2)
      #expect(count(block, in: "without-file") == 4 && count(allow, in: "without-file") == 0)

      // CAP_NET_ADMIN is the thirteenth.
      let confined = part("confined")
      #expect(confined.contains("CapBnd:\t0000000000001000"), "\(confined)")
      #expect(confined.contains("NoNewPrivs:\t1") && confined.contains("read-only"))
      // User-Mode Linux has no filter for system calls.
      #expect(confined.contains("Seccomp:\t2") || Bed.name == "uml")
    }
  }
}
