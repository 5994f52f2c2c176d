/// How many packets the kernel dropped for reasons that have to do with IPsec, since the network
/// namespace was made: `/proc/net/xfrm_stat`.
///
/// Counters go by the kernel's names, such as `XfrmInNoStates`; those of a newer kernel are there
/// too.
public struct ErrorCounters: Hashable, Sendable {
  /// Packets by the counter's name.
  public private(set) var byName: [String: UInt64] = [:]

  /// Reads the counters of a network namespace, the calling thread's if `nil`. Kernels without
  /// `CONFIG_XFRM_STATISTICS` have none.
  public init(of namespace: NetworkNamespace? = nil) throws(NetlinkError) {
    let text =
      if let namespace {
        try namespace.run { () throws(NetlinkError) in try Self.readText() }
      } else {
        try Self.readText()
      }
    self.init(parsing: text)
  }

  /// Takes in lines of a name and a number.
  package init(parsing text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard words.count == 2, let value = UInt64(words[1]) else { continue }
      byName[String(words[0])] = value
    }
  }

  /// 0 for a counter that this kernel does not have.
  public subscript(name: String) -> UInt64 { byName[name, default: 0] }

  /// What was added since `earlier`; counters that stood still are left out.
  public func since(_ earlier: ErrorCounters) -> [String: UInt64] {
    byName.reduce(into: [:]) { raised, counter in
      let (difference, isOver) = counter.value.subtractingReportingOverflow(earlier[counter.key])
      if !isOver, difference > 0 { raised[counter.key] = difference }
    }
  }

  private static func readText() throws(NetlinkError) -> String {
    do throws(SystemErrno) {
      // A thread's own view: /proc/net is the process's main thread's.
      return try kernelText(at: "/proc/thread-self/net/xfrm_stat")
    } catch {
      throw .system(.readCounters, error)
    }
  }
}
