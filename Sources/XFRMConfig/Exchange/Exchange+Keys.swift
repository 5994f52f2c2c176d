internal import XFRMKit

extension Exchange {
  /// What became of the keys of SAs.
  public struct KeyReport: Hashable, Sendable {
    /// The names of SAs whose keys were written.
    public var written: [String] = []
    /// Those of counter modes: their keys must not be installed a second time.
    public var withheld: [String] = []
    /// Those whose keys the kernel hides.
    public var hidden: [String] = []
  }

  /// Whether the kernel hides the keys of SAs, as it does under lockdown.
  public var hidesKeys: Bool { !keys.isEmpty && keys.values.allSatisfy { $0.isZero } }

  /// Writes the keys of SAs into files that their owner alone can read, where references say that
  /// they are.
  ///
  /// A key of a counter mode that is installed twice gives both uses away (RFC 4106, RFC 8221), so
  /// none is written. What has a file's name is not replaced.
  public func writeKeys() throws(StoreProblem) -> KeyReport {
    var report = KeyReport()
    report.withheld =
      associations.filter { $0.entry.protection.needsFreshKeys }.map(\.entry.name.entry)
    let folder = try PrivateFolder(keyFolder, .usersFolder)
    let present = Set(try folder.names())
    for name in associations.map(\.entry.name.entry) {
      guard let key = keys[name] else { continue }
      guard !key.isZero else {
        report.hidden.append(name)
        continue
      }
      guard !present.contains(name) else {
        throw StoreProblem("\(folder.path)/\(name)", that: "is there already, and is not replaced")
      }
      try folder.locked { () throws(StoreProblem) in
        var text: [UInt8] = []
        text.reserveCapacity(key.count * 2 + 1)
        defer { text.wipe() }
        text.append(hexadecimal: key)
        text.append(UInt8(ascii: "\n"))
        try folder.replace(name, with: text)
      }
      report.written.append(name)
    }
    return report
  }
}

extension Secret {
  fileprivate var isZero: Bool {
    withBytes { bytes in bytes.indices.allSatisfy { bytes[$0] == 0 } }
  }
}
