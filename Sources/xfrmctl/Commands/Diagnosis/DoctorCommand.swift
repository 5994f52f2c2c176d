import ArgumentParser
import Glibc
import XFRMDiagnosis

/// `xfrmctl doctor`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Find out why packets do not go through IPsec as they should.",
    usage: "xfrmctl doctor [--netns <name>] [--peer-netns <name>] [options]",
    discussion: """
      Looks at policies, SAs, counters, routes, settings and the packet
      filter twice, while packets go, and names causes with evidence and
      what to do, the first cause first. Nothing is changed or sent: have
      something send meanwhile, at best in both directions. Where the other
      end can be seen, keys, SPIs and sequence numbers are compared, too; no
      key is shown. docs/DIAGNOSIS.md tells what each cause means.

      Examples:
        xfrmctl doctor
        xfrmctl doctor --interval 10s --json
        xfrmctl doctor --netns red --peer-netns blue

      Exit status: 0 nothing is wrong, 2 causes were found, 77 without
      privilege.
      """)

  @Option(
    help: ArgumentHelp("How long to look (default: 3s).", valueName: "time"),
    transform: TimeSpan.typed)
  var interval = TimeSpan(.seconds(3))

  @OptionGroup var namespace: NamespaceOption

  @Option(
    help: ArgumentHelp(
      "The network namespace of the other end, where both are on this machine.",
      valueName: "name"),
    completion: .custom { _, _, _ in NamespaceOption.names })
  var peerNetns: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let place = try Self.place(namespace.name)
    let peerPlace = try Self.place(peerNetns)
    let diagnosis: Diagnosis
    do throws(XFRMError) {
      let host = try HostObservation(of: place)
      var peer = try peerNetns.map { (name) throws(XFRMError) in
        try HostObservation(of: peerPlace, name: name)
      }
      wait()
      diagnosis = Diagnosis(try host.finish(), peer: try peer.take()?.finish())
    } catch {
      throw Failure(error)
    }
    if json {
      try JSONOutput.print(DiagnosisJSON(diagnosis))
    } else {
      try Terminal.print(DiagnosisText(diagnosis).lines.joined(separator: "\n"))
    }
    if !diagnosis.isHealthy { throw ExitStatus.different.code }
  }

  private static func place(_ name: String?) throws(Failure) -> NetworkNamespace? {
    guard let name else { return nil }
    do { return try NetworkNamespace(name: name) } catch { throw Failure(namespace: name, error) }
  }

  private func wait() {
    let parts = interval.duration.components
    Terminal.progress("looking for \(parts.seconds) s")
    var rest = timespec(
      tv_sec: Int(parts.seconds), tv_nsec: Int(parts.attoseconds / 1_000_000_000))
    var left = timespec()
    // Sound: both times outlive the call; what a signal has cut off is left to be waited for.
    while unsafe nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
    Terminal.endProgress()
  }
}
