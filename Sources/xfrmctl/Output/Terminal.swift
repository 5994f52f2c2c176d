import Glibc
import XFRMKit

/// How to talk to whoever reads the output: data on stdout, talk on stderr.
enum Terminal {
  /// Whether stdout may be coloured: a terminal, or told so, and not told otherwise.
  static let hasColor: Bool = {
    if let forbidden = environment("NO_COLOR"), !forbidden.isEmpty { return false }
    if let forced = environment("CLICOLOR_FORCE"), forced != "0" { return true }
    return isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb"
  }()

  /// Whether somebody watches stderr.
  static let isWatched = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Writes data to stdout, with a line's end.
  static func print(_ text: String) throws(Failure) { try write(Array((text + "\n").utf8)) }

  /// Writes data to stdout.
  static func write(_ bytes: [UInt8]) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // Sound: the bytes outlive the call.
      let written = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw Failure("cannot write the output: \(SystemErrno(errno))", .failed)
      }
    }
  }

  /// Tells of an error, on one line, without what may be a key in it.
  static func complain(_ message: String) {
    writeError("xfrmctl: \(Redaction.redacted(message))\n")
  }

  /// Tells something on stderr, in its own words.
  static func warn(_ text: String) { writeError(text + "\n") }

  /// Tells what is being done, on a line that the next one replaces; only to somebody who watches.
  static func progress(_ message: String) {
    if isWatched { writeError("\r\u{1b}[K\(message)…") }
  }

  /// Takes the progress line away.
  static func endProgress() {
    if isWatched { writeError("\r\u{1b}[K") }
  }

  /// Asks whether to go on; anything but yes means no.
  static func asks(_ question: String) -> Bool {
    writeError("\(question) [y/N] ")
    return ["y", "yes"].contains(readLine()?.lowercased())
  }

  private static func writeError(_ text: String) {
    // Sound: the text outlives the call. Where stderr cannot be written there is nobody to tell.
    _ = unsafe Glibc.write(STDERR_FILENO, text, text.utf8.count)
  }

  private static func environment(_ name: String) -> String? {
    // Sound: nothing changes the environment of this process.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

/// Text that stands out where colour is wanted.
enum Style: String {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"
  case cyan = "36"

  func callAsFunction(_ text: String) -> String {
    Terminal.hasColor ? "\u{1b}[\(rawValue)m\(text)\u{1b}[0m" : text
  }
}
