import ArgumentParser
import Glibc
import XFRMKit
import XFRMLab

/// `xfrmctl bench`
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure what ESP gets through on this machine.",
    usage: "xfrmctl bench [--proposal <names>] [--size <bytes>] [options]",
    discussion: """
      Sends as many UDP datagrams as go between private network namespaces: without
      protection, then with each proposal. Sender, receiver and both gateways share
      this machine, so that a host with the other end elsewhere can do more; what is
      to be compared are the lines. Nothing else on this machine is changed, but
      that kernel modules which it takes stay loaded.

      The wire is watched: a figure is refused if anything went in clear, if
      more arrived than was protected, or if packets were cut to fit.
      Processor time is that of all processors, whatever they did: measure on
      an idle machine. What this kernel lacks is left out.

      Several values of an option are one word with commas.

      Examples:
        xfrmctl bench
        xfrmctl bench --proposal aes256gcm16,aes256-sha256 --size 1400
        xfrmctl bench --mode tunnel,transport --sas 1,4 --svg bench.svg
        xfrmctl bench --family ipv6 --json

      Exit status: 0, 1 if a figure is refused, 69 if this kernel takes no SA
      of the proposals or has no IPv6, 73 if the picture cannot be written, 77
      without root.
      """)

  @Option(
    help: ArgumentHelp(
      "The algorithms, by their IKE names. (default: \(Self.usualNames))", valueName: "names"),
    transform: { try Several($0, ESPProposal.init(argument:)) })
  var proposal: Several<ESPProposal>?

  @Option(help: ArgumentHelp("tunnel, transport or tunnel,transport.", valueName: "modes"))
  var mode: Several<Mode> = Several([.tunnel])

  @Option(help: ArgumentHelp("Of all addresses: ipv4 or ipv6.", valueName: "family"))
  var family = FamilyArgument.ipv4

  @Option(
    help: ArgumentHelp("Lengths of packets before they are protected.", valueName: "bytes"))
  var size: Several<Int> = Several([64, 512, 1_400])

  @Option(
    help: ArgumentHelp("How many SAs, and threads that send, side by side.", valueName: "counts"))
  var sas: Several<Int> = Several([1])

  @Option(help: ArgumentHelp("How long each line of the table takes.", valueName: "seconds"))
  var seconds = 1.0

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(
    help: ArgumentHelp("Draw it into a file, too.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var svg: String?

  /// With spaces, so that the help can break it.
  private static let usualNames =
    BenchPlan.usualProposals.map(\.name).joined(separator: ", ")

  func validate() throws {
    let (sizes, counts) = (BenchPoint.packetBytes, BenchPoint.associations)
    guard size.values.allSatisfy(sizes.contains) else {
      throw ValidationError("--size takes \(sizes.lowerBound) to \(sizes.upperBound)")
    }
    guard sas.values.allSatisfy(counts.contains) else {
      throw ValidationError("--sas takes \(counts.lowerBound) to \(counts.upperBound)")
    }
    guard (0.1...600).contains(seconds) else {
      throw ValidationError("--seconds takes 0.1 to 600")
    }
  }

  func run() throws {
    guard geteuid() == 0 else { throw Failure("to measure takes root", .permission) }
    let bench: Bench
    do throws(LabError) { bench = try measured() } catch { throw Failure(error) }
    if bench.plan.proposals.isEmpty, let first = bench.omissions.first {
      throw Failure(
        "this kernel takes no SA of the proposals, so nothing was measured: \(first.reason)"
          + ExitStatus.notInThisKernel.reason, .notInThisKernel)
    }
    let document = BenchJSON(
      bench.trials, for: bench.duration, over: bench.plan.family, omitting: bench.omissions,
      machine: .current)
    if json {
      try JSONOutput.print(document)
    } else {
      try Terminal.print(BenchText(document).text)
    }
    if let svg {
      try OutputFile.write(
        Array(BenchChart(document).svg.utf8), to: svg, permissions: 0o644)
    }
    if bench.trials.contains(where: { $0.flaw != nil }) { throw ExitStatus.failed.code }
  }

  private func measured() throws(LabError) -> Bench {
    defer { Terminal.endProgress() }
    Terminal.progress("Asking the kernel for SAs")
    var bench = try Bench(
      BenchPlan(
        proposal?.values ?? BenchPlan.usualProposals, modes: mode.values, sizes: size.values,
        associations: sas.values, family: family.value),
      for: .seconds(seconds))
    Terminal.endProgress()
    guard !bench.plan.proposals.isEmpty else { return bench }
    Terminal.warn(BenchText.announcement(bench))
    let count = bench.plan.points.count
    var number = 0
    try bench.run { point in
      number += 1
      Terminal.progress("\(number) of \(count): \(BenchText.words(point))")
    }
    return bench
  }
}
