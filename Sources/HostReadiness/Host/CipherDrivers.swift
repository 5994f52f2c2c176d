/// What does the work of the kernel's algorithms: `/proc/crypto`, which lists what was used.
struct CipherDrivers: Sendable {
  /// The driver that is preferred, by the algorithm's name: `rfc4106-gcm-aesni`.
  private(set) var byAlgorithm: [String: String] = [:]
  /// Whether the processor has instructions for AES; asked for only where the kernel uses none.
  private(set) var processorHasAES: Bool?

  init() {}

  /// - Parameter text: That of `/proc/crypto`.
  init(parsing text: String) {
    var priorities: [String: Int] = [:]
    var (name, driver) = ("", "")
    for line in text.lines {
      let parts = line.split(separator: ":", maxSplits: 1).map { String($0.trimmed) }
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "name": name = parts[1]
      case "driver": driver = parts[1]
      case "priority":
        let priority = Int(parts[1]) ?? 0
        guard priority > priorities[name, default: -1] else { continue }
        priorities[name] = priority
        byAlgorithm[name] = driver
      default: break
      }
    }
  }

  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init(_ tree: FileTree, failures: inout [FileError]) {
    let text = failures.collect { () throws(FileError) in try tree.text("/proc/crypto") }
    self.init(parsing: text ?? "")
    // A line for each processor, and slow to read where there are many.
    guard let ipsec, !ipsec.isAccelerated else { return }
    let processors = failures.collect { () throws(FileError) in try tree.text("/proc/cpuinfo") }
    let flags = processors?.lines.first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }
    processorHasAES = flags.map { $0.words.contains("aes") }
  }
}

extension CipherDrivers {
  /// What does the work of one algorithm.
  struct Choice: Hashable, Sendable {
    var algorithm: String
    var driver: String

    /// Whether it uses instructions or a device made for it.
    var isAccelerated: Bool { !driver.contains("generic") && !driver.contains("-lib") }
  }

  /// That of the first of ESP's usual algorithms that was used.
  var ipsec: Choice? {
    for algorithm in ["rfc4106(gcm(aes))", "gcm(aes)", "cbc(aes)"] {
      if let driver = byAlgorithm[algorithm] { return Choice(algorithm: algorithm, driver: driver) }
    }
    return nil
  }
}
