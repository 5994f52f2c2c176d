import ArgumentParser
import Glibc
import XFRMKit
import XFRMLab

/// `xfrmctl lab demo`
struct LabDemo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Send traffic through a tunnel between two sites, and watch the wire.",
    usage: "xfrmctl lab demo [--control] [--json] [options]",
    discussion: """
      Two hosts behind two gateways, each in a network namespace of its own,
      which all vanish with this command. Nothing on this machine is changed,
      but that kernel modules which it takes stay loaded.

      Examples:
        xfrmctl lab demo
        xfrmctl lab demo --control
        xfrmctl lab demo --proposal aes256-sha256 --ipv6 --udp --json

      Exit status: 0 if everything arrived and nothing could be read on the
      wire, 1 if not, 69 if this kernel lacks what it takes, 77 without root.
      """)

  @Option(
    help: ArgumentHelp(
      "The algorithms, by their IKE name (aes256gcm16, aes128-sha256, …).", valueName: "name"),
    transform: ESPProposal.init(argument:))
  var proposal = ESPProposal.aes256gcm16

  @Flag(help: "Let the gateways talk IPv6.")
  var ipv6 = false

  @Flag(help: "Protect what goes between the gateways themselves, in transport mode.")
  var transport = false

  @Flag(help: "Wrap ESP in UDP, as behind a NAT.")
  var udp = false

  @Flag(help: "Then remove the policies: the same capture must see clear packets.")
  var control = false

  @Option(help: ArgumentHelp("How many datagrams to send.", valueName: "count"))
  var datagrams = 200

  @Option(help: ArgumentHelp("How much to send over TCP, in bytes.", valueName: "bytes"))
  var stream = 16 << 20

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (2...1_000_000).contains(datagrams) else {
      throw ValidationError("--datagrams takes 2 to 1000000")
    }
    guard (1...(1 << 34)).contains(stream) else {
      throw ValidationError("--stream takes 1 to 17179869184 bytes")
    }
  }

  func run() throws {
    try Privilege.enterUserNamespaceIfNeeded()
    let protection = Protection(
      proposal, mode: transport ? .transport : .tunnel, family: ipv6 ? .ipv6 : .ipv4,
      isInUDP: udp)
    let demo: SiteToSiteDemo
    do throws(LabError) {
      defer { Terminal.endProgress() }
      demo = try SiteToSiteDemo(
        protection, datagrams: datagrams, streamBytes: stream, withControl: control,
        progress: Terminal.progress)
    } catch {
      throw Failure(error)
    }
    if json {
      try JSONOutput.print(DemoJSON(demo))
    } else {
      try Terminal.print(DemoReport(demo).text)
    }
    if !demo.isProven { throw ExitStatus.failed.code }
  }
}
