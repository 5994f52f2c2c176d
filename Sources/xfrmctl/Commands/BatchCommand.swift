import ArgumentParser
import IPRoute2
import XFRMKit

/// `xfrmctl batch`
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "Carry out a file of commands, many at a time.",
    discussion: """
      A line is what may follow xfrmctl, xfrm or ip xfrm on a command line;
      # begins a comment, \\ at a line's end continues it. Changes that stand
      together are sent together. It ends at the first line that fails, and
      nothing behind that line remains, unless told to keep going. Lists
      inside print as ip does, without keys.

      Examples:
        xfrmctl batch tunnels.txt --dry-run
        xfrmctl batch tunnels.txt --keep-going
        generate | xfrmctl batch -

      Exit status: 0, 1 if a command failed, 65 if one makes no sense or the
      file cannot be read, 69 if this kernel lacks what one takes, 77 without
      privilege.
      """)

  @OptionGroup var namespace: NamespaceOption

  @Flag(help: "Go on after a line that fails.")
  var keepGoing = false

  @Flag(help: "Read every line and say which the rules refuse. The kernel does not try them.")
  var dryRun = false

  @Argument(help: ArgumentHelp("The commands; - is stdin.", valueName: "file"), completion: .file())
  var file: String

  func run() throws {
    var options = IPOptions()
    options.isForced = keepGoing
    let (known, file, isTrial) = (options, file, dryRun)
    defer { Terminal.endProgress() }
    try namespace.enter { () throws(Failure) in
      var count = 0
      var failures = 0
      var refusal: ExitStatus?
      let input: InputFile
      do throws(IPFailure) { input = try InputFile(file) } catch {
        throw Failure(error.text, .invalidInput)
      }
      do throws(IPFailure) {
        var batch = try Batch(known, input, style: .native(isTrial: isTrial))
        defer {
          count = batch.count
          failures = batch.failures
          refusal = batch.refusal
        }
        try batch.run()
      } catch {
        Terminal.endProgress()
        guard error.text.isEmpty else { throw Failure(error.text, .failed) }
        let sent = isTrial ? "; nothing was sent" : ""
        let remedy = refusal == .permission ? "; run it as root" : ""
        throw Failure(
          "\(Text.count(failures)) of \(Text.count(count)) commands failed\(sent)\(remedy)",
          isTrial || error.status == 255 ? .invalidInput : refusal ?? .failed)
      }
      if isTrial {
        try Terminal.print("\(Text.count(count)) commands make sense; the kernel was not asked")
      }
    }
  }
}
