import ArgumentParser
import Dispatch
import Glibc
import XFRMKit
import XFRMLab

/// `xfrmctl lab up`
struct LabUp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Build a network of namespaces, cables and tunnels.",
    usage: "xfrmctl lab up <preset|file> [--spokes <count>] [options]",
    discussion: """
      The network lives as long as this command, and vanishes with it, however it
      ends: its namespaces have no names, and nothing of it is in any file. With
      --detach it goes on in the background until `xfrmctl lab down`. Keys are drawn
      at random and never shown. Nothing else on this machine is changed, but that
      kernel modules which it takes stay loaded.

      Where the kernel has no ESP the SAs are left out, and a note says so.

      Examples:
        xfrmctl lab up site-to-site
        xfrmctl lab up hub-and-spoke --spokes 50 --detach
        xfrmctl lab up ./berlin.yaml --name test

      Exit status: 0, 1 if it cannot be built, 65 if the file is wrong,
      69 if this kernel lacks what it takes, 75 if the name is taken,
      77 without root.
      """)

  /// How long one in the background may take until it is built, in milliseconds.
  private static let patience: Int32 = 120_000

  @OptionGroup var source: LabSource

  @Option(help: ArgumentHelp("What it is called; as the preset or the file.", valueName: "name"))
  var name: String?

  @Flag(help: "Let it go on in the background.")
  var detach = false

  @Flag(help: .hidden)
  var held = false

  func validate() throws {
    if let name, !LabFile.isName(name) {
      throw ValidationError("a name has letters, digits, “.”, “_” and “-”, and at most 64 of them")
    }
  }

  func run() throws {
    if held { try BackgroundProcess.begin() }
    var topology = try source.topology()
    if let name { topology.name = name }
    try LabChoice.requireRoot()
    if detach { return try startHolder(topology) }
    do throws(LabError) { try hold(topology) } catch { throw Failure(error) }
  }

  /// Builds it and keeps it until somebody wants the process to end.
  private func hold(_ topology: Topology) throws(LabError) {
    let stopping = StopSignals()
    let beacon = try LabBeacon(topology.name)
    // What nobody can be in yet needs no farewell.
    let lab = try stopping.endingProcess { () throws(LabError) in try Self.build(topology) }
    try beacon.publish(lab)
    // What is there is there, whether or not somebody can be told in the foreground.
    if !held { signal(SIGPIPE, SIG_IGN) }
    for note in lab.notes { Terminal.warn("note: \(note)") }
    if held {
      // Where nobody listens any more it is ended from there.
      try? BackgroundProcess.announce()
    } else {
      try? Terminal.print(Self.summary(topology) + "; Ctrl-C takes it down")
    }
    stopping.wait()
    try lab.endInhabitants()
    withExtendedLifetime(beacon) {}
  }

  private static func build(_ topology: Topology) throws(LabError) -> XFRMLab.Lab {
    defer { Terminal.endProgress() }
    return try XFRMLab.Lab(topology, progress: Terminal.progress)
  }

  private func startHolder(_ topology: Topology) throws {
    // Said here, where somebody hears it.
    if let other = RunningLab.all().first(where: { $0.name == topology.name }) {
      throw Failure(LabError.nameTaken(topology.name, process: other.process))
    }
    let words = [
      "lab", "up", source.source, "--spokes", "\(source.spokes)", "--name", topology.name, "--held",
    ]
    switch BackgroundProcess.start(words, patience: Self.patience) {
    case 0: break
    case 128 + SIGTERM:
      throw Failure("lab \(topology.name) was taken down while it was being built", .failed)
    // It has said why.
    case let status where 1...128 ~= status: throw ExitCode(status)
    case let status:
      throw Failure("the lab was not built: \(BackgroundProcess.reason(status))", .failed)
    }
    try Terminal.print(Self.summary(topology) + "; xfrmctl lab down takes it down")
  }

  private static func summary(_ topology: Topology) -> String {
    let counts = [
      Text.plural(topology.machines.count, "node"), Text.plural(topology.links.count, "link"),
      Text.plural(topology.tunnels.count, "tunnel"),
    ]
    return "lab \(topology.name) is up: \(counts.joined(separator: ", "))"
  }
}

/// Signals that ask the process to end, which it waits for instead of being ended by them.
///
/// Made before there is any other thread: all that are made later leave them alone, too, so that
/// another one after the first, as a closed terminal sends, disturbs no farewell.
private struct StopSignals {
  private var set = sigset_t()

  init() {
    // Sound, as below: the set outlives the calls.
    unsafe sigemptyset(&set)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&set, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Does something while they end the process as they end every other.
  func endingProcess<Value>(
    during body: () throws(LabError) -> Value
  ) throws(LabError) -> Value {
    let (set, isOver) = (set, DispatchSemaphore(value: 0))
    let thread: Thread
    do throws(NetlinkError) {
      // The one thread that they come to.
      thread = try Thread {
        var set = set
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
        isOver.wait()
      }
    } catch {
      throw .netlink("wait for signals", error)
    }
    let result = Result { () throws(LabError) in try body() }
    isOver.signal()
    _ = consume thread  // It has ended here, so that from now on they come to nobody.
    return try result.get()
  }

  /// Returns once one has come.
  func wait() {
    var (set, number) = (self.set, Int32(0))
    unsafe sigwait(&set, &number)
  }
}
