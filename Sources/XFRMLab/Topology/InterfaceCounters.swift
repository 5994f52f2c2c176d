internal import XFRMKit

/// How many packets an interface has seen, by its own count: `/proc/net/dev`.
public struct InterfaceCounters: Hashable, Sendable {
  /// Packets that came in.
  public var received = 0
  /// Packets that it was given to send, be it that it dropped them.
  public var sent = 0

  /// Reads the counters of an interface of a node.
  ///
  /// - Parameters:
  ///   - interface: The interface's name.
  ///   - node: Where it is.
  public init(of interface: String, on node: Node) throws(LabError) {
    let text = try node.run { () throws(LabError) in
      // A thread's own view: /proc/net is the process's main thread's.
      do throws(SystemErrno) { return try kernelText(at: "/proc/thread-self/net/dev") } catch {
        throw .system("read the counters of \(interface)", error)
      }
    }
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" }
      guard words.first == interface[...], words.count > 12 else { continue }
      received = Int(words[2]) ?? 0
      sent = (Int(words[10]) ?? 0) + (Int(words[12]) ?? 0)
    }
  }
}
