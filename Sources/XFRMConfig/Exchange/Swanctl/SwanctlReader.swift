internal import XFRMKit

/// Reads what `swanctl --list-sas` prints, line by line: an IKE_SA begins at the margin, its parts
/// and its CHILD_SAs two columns further in, their parts four.
struct SwanctlReader {
  /// What was expected, and where something else is.
  struct Unexpected: Error {
    var span: SourceSpan
    var expected: String
  }

  private let file: String
  private var local: SwanctlChild.End?
  private var remote: SwanctlChild.End?
  /// Whether the IKE_SA has an end of which several are told.
  private var isAmbiguous = false
  private var child: SwanctlChild?
  private var children: [SwanctlChild] = []
  /// Whether what comes belongs to a CHILD_SA, of use or not.
  private var isInChild = false
  /// How many pairs of traffic selectors there are.
  private var pairs = 0
  /// The most: few words come to very many.
  private static let mostPairs = 1 << 16
  /// CHILD_SAs that are of no use, and why.
  private(set) var losses: [(name: String, reason: String)] = []

  init(_ file: String) { self.file = file }

  mutating func read(_ text: String) throws(Unexpected) -> [SwanctlChild] {
    // A line may end as on other systems: both characters are one to Swift.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (number, line) in lines.enumerated() {
      var line = SwanctlLine(line, number, file)
      switch line.indent {
      case _ where line.isEmpty: continue
      case 0: try readIKE(&line)
      case 1..<4: try readSecond(&line)
      default: try readThird(&line)
      }
    }
    finishChild()
    return children
  }

  private mutating func finishChild() {
    isInChild = false
    guard let finished = child else { return }
    let count = finished.localTraffic.count * finished.remoteTraffic.count
    if finished.incoming == nil && finished.outgoing == nil { return lose("it has no SPIs") }
    if count > Self.mostPairs - pairs { return lose("its traffic comes to too many policies") }
    child = nil
    pairs += count
    children.append(finished)
  }

  /// What is still told of the CHILD_SA is of no use.
  private mutating func lose(_ reason: String) {
    if let child { losses.append((child.name, reason)) }
    child = nil
  }

  // MARK: IKE_SA

  private mutating func readIKE(_ line: inout SwanctlLine) throws(Unexpected) {
    finishChild()
    (local, remote, isAmbiguous) = (nil, nil, false)
    _ = try line.part(before: ": #", "NAME: #NUMBER, with which an IKE_SA begins")
  }

  private mutating func readSecond(_ line: inout SwanctlLine) throws(Unexpected) {
    if let word = line.isEnd, !isInChild {
      let end = try line.end()
      if word == "local" { local = end } else { remote = end }
      isAmbiguous = isAmbiguous || end == nil
      return
    }
    // Algorithms and times of the IKE_SA, and tasks that wait.
    guard line.hasChild else { return }
    finishChild()
    isInChild = true
    try readChild(&line)
  }

  private mutating func readChild(_ line: inout SwanctlLine) throws(Unexpected) {
    let name = try line.part(before: ": #", "NAME: #NUMBER, with which a CHILD_SA begins")
    let parts = line.rest.split(separator: ",").map { $0.trimmingBlanks }
    guard parts.count > 2, parts[1].hasPrefix("reqid "),
      let requestID = UInt32(parts[1].dropFirst("reqid ".count))
    else { throw line.unexpected("reqid NUMBER") }
    guard parts[2] == "INSTALLED" else {
      losses.append((name, "it is \(Discretion.shown(String(parts[2])))"))
      return
    }
    guard parts.count > 4 else { throw line.unexpected("a mode and ESP:ALGORITHMS") }
    if isAmbiguous {
      losses.append((name, "its IKE_SA has a name that looks like an end: which is it?"))
      return
    }
    guard let local, let remote, local.address.family == remote.address.family else {
      throw line.unexpected("the IKE_SA's ends of one family, before its CHILD_SAs")
    }
    let isWrapped = parts[3].hasSuffix("-in-UDP")
    let modes: [Substring: Mode] = ["TUNNEL": .tunnel, "TRANSPORT": .transport, "BEET": .beet]
    guard let mode = modes[isWrapped ? parts[3].dropLast("-in-UDP".count) : parts[3]] else {
      losses.append((name, "its mode is \(Discretion.shown(String(parts[3])))"))
      return
    }
    var child = SwanctlChild(
      name: name, requestID: requestID, mode: mode, isWrapped: isWrapped, local: local,
      remote: remote)
    guard let algorithms = SwanctlAlgorithms(parts[4]) else {
      losses.append((name, "its algorithms make no proposal"))
      return
    }
    child.proposal = algorithms.proposal
    child.hash = algorithms.hash
    child.isExtended = algorithms.isExtended
    self.child = child
  }

  // MARK: CHILD_SA

  private mutating func readThird(_ line: inout SwanctlLine) throws(Unexpected) {
    guard var child else { return }
    switch line.firstWord {
    case "installed": try line.readTimes(&child)
    case "in", "out":
      if line.hasCPI {
        return lose("it compresses (IPComp), which the list does not tell enough of")
      }
      let half = try line.half()
      if line.firstWord == "in" { child.incoming = half } else { child.outgoing = half }
    case "local", "remote":
      do throws(Inexpressible) {
        let traffic = try line.traffic()
        if line.firstWord == "local" {
          child.localTraffic = traffic
        } else {
          child.remoteTraffic = traffic
        }
      } catch {
        return lose(error.reason)
      }
    default: throw line.unexpected("installed, in, out, local or remote")
    }
    self.child = child
  }
}
