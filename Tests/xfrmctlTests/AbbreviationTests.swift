import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import xfrmctl

/// Words that may be cut short, as `ip` lets them.
@Suite("Abbreviations")
struct AbbreviationTests {
  @Test(
    "stand for the first word that they begin",
    arguments: [
      ("s a src ::1", "state add src ::1"), ("p d dir in", "policy delete dir in"),
      ("sa ls", "state list"), ("sa show", "state list"), ("st lst", "state list"),
      ("pol l", "policy list"), ("p delall", "policy deleteall"), ("s deletea", "state deleteall"),
      ("p set hthresh4 1 2", "policy set hthresh4 1 2"), ("p setd", "policy setdefault"),
      ("p getd", "policy getdefault"), ("p ge index 1", "policy get index 1"),
      ("s all", "state allocspi"), ("s c", "state count"), ("s r", "state replace"),
      ("s m", "state migrate"), ("s ae get", "state ae get"), ("s f", "state flush"),
      ("m SA", "monitor SA"), ("mon acquire", "monitor acquire"),
      ("policy help", "policy --help"), ("s h", "state --help"), ("sa", "state"),
      ("state --json", "state --json"), ("check", "check"), ("batch x", "batch x"),
      ("lab demo", "lab demo"), ("--version", "--version"), ("", ""),
    ])
  func expanded(_ short: String, _ long: String) throws {
    let words = short.split(separator: " ").map(String.init)
    #expect(try Abbreviations.expanded(words).joined(separator: " ") == long)
  }

  @Test(
    "work from end to end", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func carriedOut() async throws {
    let tool = try PrivateTool()
    var xfrm = try XFRMClient(in: tool.namespace)
    #expect(try await tool.run("p a src 10.0.0.0/8 dst 10.1.0.0/16 dir out").status == 0)
    #expect(try xfrm.policies().count == 1)
    #expect(try await tool.run("p ls --tsv").output == tool.run("policy list --tsv").output)
    #expect(try await tool.run("p d src 10.0.0.0/8 dst 10.1.0.0/16 dir out").status == 0)
    #expect(try xfrm.policies().isEmpty)
    let help = try await tool.run("policy help")
    #expect(help.status == 0)
    #expect(help.output.contains("SUBCOMMANDS:"))
  }

  @Test(
    "a verb that there is none of is marked, and those that there are are told",
    arguments: [
      "state", "policy",
    ])
  func unknown(_ object: String) async throws {
    let outcome = try await Tool.run([object, "frobnicate", "now"])
    #expect(outcome.status == 64)
    let lines = outcome.complaint.split(separator: "\n")
    #expect(lines.first?.hasPrefix("xfrmctl: Command \"frobnicate\" is unknown") == true)
    #expect(lines.count > 2)
    #expect(outcome.complaint.contains("  \(object) frobnicate now\n"))
    #expect(outcome.complaint.contains("^~~~~~~~~~"))
    for verb in ["add", "deleteall", "flush"] { #expect(outcome.complaint.contains(verb)) }
  }
}
