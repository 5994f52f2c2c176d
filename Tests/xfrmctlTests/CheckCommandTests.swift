import HostReadiness
import TestSupport
import Testing

@testable import xfrmctl

/// `xfrmctl check` and its options as a user meets them.
@Suite("Checks")
struct CheckCommandTests {
  @Test("a profile of a user's own decides, and says where it is wrong")
  func profile() async throws {
    let good = try await Shell.run(
      "\"$XFRMCTL\" check --profile - --list",
      input: "name office\nbase algo\nskip mod.*\nrequire env.privilege\n")
    #expect(good.status == 0, "\(good.complaint)")
    #expect(good.output.contains("  required    env.privilege "))
    #expect(good.output.contains("  not done    mod.esp4 "))
    #expect(good.output.contains(" checks for office, "))
    let wrong = try await Shell.run(
      "\"$XFRMCTL\" check --profile -", input: "name office\n\nskip xfrm.esp4.gmc # x\n")
    #expect(wrong.status == 65 && wrong.output == "")
    #expect(
      wrong.complaint.hasPrefix(
        "xfrmctl: stdin:3: there is no check “xfrm.esp4.gmc”; did you mean xfrm.esp4.gcm"))
  }

  @Test("an image is judged by its files, and never found ready")
  func image() async throws {
    let outcome = try await Shell.run(
      """
      set -e; root=$(mktemp -d); trap 'rm -r "$root"' EXIT
      mkdir -p "$root/lib/modules/6.1.0-9-amd64" "$root/lib/modules/6.1.0-18-amd64" "$root/etc"
      echo web1 >"$root/etc/hostname"
      "$XFRMCTL" check --root "$root" || echo "status $?"
      "$XFRMCTL" check --root "$root" --kernel 6.1.0-9-amd64 --quiet || echo "status $?"
      """)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.contains("web1: Linux 6.1.0-18-amd64 (the newest of 2) unknown\n"))
    #expect(outcome.output.contains("\nUNKNOWN for minimal  "))
    #expect(outcome.output.contains("\nstatus 4\n"))
    #expect(!outcome.output.contains("[ok] XFRM netlink"))
    // Nothing is to be pasted that would change this system instead.
    let nextSteps = outcome.output.split(separator: "\n").filter { $0.hasPrefix("  next: ") }
    #expect(nextSteps.count == 2)
    #expect(nextSteps.allSatisfy { $0.hasPrefix("  next:  xfrmctl check --explain ") })
    #expect(!outcome.output.contains("check --load") && !outcome.output.contains("-unknown"))
  }

  @Test("every format is what it says", arguments: CheckFormat.allCases)
  func format(format: CheckFormat) async throws {
    let outcome = try await Tool.run(["check", "--format", format.rawValue])
    let start =
      switch format {
      case .text: "xfrmctl \(toolVersion) check  "
      case .json: "{\n"
      case .junit: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      case .html: "<!DOCTYPE html>\n"
      case .markdown: "# "
      case .legacy: "CONFIG_XFRM_USER="
      }
    // Where the kernel tells its configuration nowhere there are no such lines.
    if format == .legacy, outcome.status == 1 {
      #expect(outcome.complaint.contains("there is no configuration of Linux "))
    } else {
      #expect([0, 3, 4].contains(outcome.status), "\(outcome.complaint)")
      #expect(outcome.output.hasPrefix(start), "\(outcome.output.prefix(200))")
      #expect(outcome.complaint == "")
    }
  }

  @Test("help names every use and every format")
  func help() async throws {
    let help = try await Tool.run(["check", "--help"]).output
    for use in Use.allCases { #expect(help.contains(use.rawValue), "\(use)") }
    for format in CheckFormat.allCases { #expect(help.contains(format.rawValue), "\(format)") }
  }

  @Test("many hosts go onto one page, and what is no report is named")
  func report() async throws {
    let page = try await Shell.run("\"$XFRMCTL\" check --json | \"$XFRMCTL\" check report -")
    #expect(page.status == 0)
    #expect(page.output.contains("<h2>Where all are alike</h2>"))
    let markdown = try await Shell.run(
      "\"$XFRMCTL\" check --json | \"$XFRMCTL\" check report - --format markdown")
    #expect(markdown.output.hasPrefix("# 1 host: 1 "))
    let foreign = try await Shell.run("\"$XFRMCTL\" check report -", input: "{\"a\": 1}")
    #expect(foreign.status == 65 && foreign.output == "")
    #expect(foreign.complaint.hasPrefix("xfrmctl: stdin: JSON without a schema is no report"))
  }

  @Test("--profile is completed with uses and files")
  func completion() {
    let line = UnfinishedLine(["xfrmctl", "check", "--profile", "al"], at: 3, prefix: "al")
    #expect(line.option == "--profile")
    for option in ["--format", "--root", "--kernel"] {
      #expect(UnfinishedLine(["xfrmctl", "check", option, ""], at: 3, prefix: "").option == option)
    }
  }
}
