import ArgumentParser
import IPRoute2
import XFRMKit

/// `xfrmctl monitor`
struct Monitor: GrammarCommand {
  static let verb = ["monitor"]
  static let configuration = CommandConfiguration(
    commandName: "monitor", abstract: "Show what happens to SAs and policies, as it happens.",
    usage: "xfrmctl monitor [options] [<words> ...]",
    discussion: """
      Words say what to hear: acquire, expire, SA, aevent, policy, report, or
      all, which is the default: acquire is named besides, as to hear it makes
      the kernel hold packets back for an answer. file FILE replays what
      --record wrote. When announcements are lost this is said, and how things
      stand then; with --snapshot every entry is shown again.

      Examples:
        xfrmctl monitor
        xfrmctl monitor SA policy --snapshot --json
        xfrmctl monitor --record ipsec.nl
        xfrmctl monitor file ipsec.nl
      """)

  @OptionGroup var namespace: NamespaceOption
  @OptionGroup var keys: KeyOptions

  @Flag(help: "Print one JSON object a line; the first has the schema's version.")
  var json = false

  @Flag(help: "Begin with every SA and policy that there is.")
  var snapshot = false

  @Option(
    help: ArgumentHelp("Write the kernel's messages to a file, keys included.", valueName: "file"),
    completion: .file())
  var record: String?

  @Option(help: ArgumentHelp("How many bytes the kernel may queue.", valueName: "bytes"))
  var buffer: Int32?

  @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
  var words: [String] = []

  func run() throws {
    guard case .monitor(var command) = try parsed(namespace).command else {
      throw Failure("monitor has no help of its own: xfrmctl monitor --help", .usage)
    }
    command.hidesKeys = command.hidesKeys || !keys.showKeys
    guard !command.hearsAllNamespaces else {
      throw Failure("all-nsid is known to xfrmctl ip xfrm monitor only", .usage)
    }
    var printer = try EventPrinter(
      isJSON: json, hidesKeys: command.hidesKeys, showsSnapshots: snapshot,
      tellsTime: command.file == nil, keys: keys.display())
    if let file = command.file {
      try replay(file, &printer)
    } else {
      try listen(to: command.groups, &printer)
    }
  }

  private func replay(_ file: String, _ printer: inout EventPrinter) throws(Failure) {
    var problem: Failure?
    do throws(MessageLogError) {
      var log = try MessageLogReader(path: file)
      while problem == nil, let event = try log.next() {
        do throws(Failure) { try printer.print(.event(event)) } catch { problem = error }
      }
    } catch {
      throw Failure("cannot replay \(file): \(error)", .invalidInput)
    }
    if let problem { throw problem }
  }

  private func listen(to groups: EventGroups, _ printer: inout EventPrinter) throws(Failure) {
    let recorder = try record.map { (path) throws(Failure) in try Recorder(path) }
    let events = try open(groups, recorder)
    while true {
      let element: XFRMEvents.Element?
      do throws(XFRMError) { element = try events.waitForNext() } catch { throw Failure(error) }
      if let failure = recorder?.failure {
        throw Failure("cannot record: \(failure)", .failed)
      }
      if let element { try printer.print(element) }
    }
  }

  private func open(
    _ groups: EventGroups, _ recorder: Recorder?
  ) throws(Failure) -> XFRMEvents {
    let (startsWithSnapshot, bytes) = (snapshot, buffer)
    return try namespace.enter { () throws(Failure) in
      do throws(XFRMError) {
        return try XFRMEvents(
          of: groups, startsWithSnapshot: startsWithSnapshot, bufferBytes: bytes,
          recorder: recorder?.record)
      } catch {
        throw Failure(error)
      }
    }
  }
}
