internal import XFRMKit

/// A line of the ledger behind the first.
enum LedgerRecord: Equatable, Sendable {
  /// A key is about to be installed.
  case used(KeyUse)
  /// What lines before announced is in the kernel, or was.
  case installed([Int])

  /// A key, and the SA that has it.
  struct KeyUse: Equatable, Sendable {
    /// Stands for the key.
    var fingerprint: UInt64
    var object: ObjectName
    var direction: SecurityAssociation.Direction
    var destination: IPAddress
    var spi: SPI
    /// The algorithms, for people.
    var algorithms: String
    /// Which run of the kernel it was for.
    var run: KernelRun
    /// In seconds since 1970.
    var time: UInt64

    /// Whether it is the same SA.
    func isSame(as other: KeyUse) -> Bool {
      object == other.object && direction == other.direction && isOtherEnd(of: other)
    }

    /// Whether it is the same SA, seen from either end.
    func isOtherEnd(of other: KeyUse) -> Bool {
      destination == other.destination && spi == other.spi
    }
  }
}

/// A network namespace of one run of a kernel: SAs end with it.
public struct KernelRun: Hashable, Sendable {
  /// What /proc/sys/kernel/random/boot_id has.
  public var boot: String
  /// The inode of the network namespace.
  public var namespace: UInt64

  /// A network namespace of one run of a kernel.
  ///
  /// - Parameters:
  ///   - boot: What /proc/sys/kernel/random/boot_id has.
  ///   - namespace: The inode of the network namespace.
  public init(boot: String, namespace: UInt64) {
    self.boot = boot
    self.namespace = namespace
  }
}

extension LedgerRecord {
  /// - Parameter number: Counted upwards, so that a line that is taken away is found out.
  func line(_ number: Int) -> JournalLine {
    switch self {
    case .used(let use):
      JournalLine([
        "\(number)", "used", String(use.fingerprint, radix: 16), "\(use.object)",
        "\(use.direction.rawValue)", "\(use.destination)", "\(use.spi.rawValue)", use.algorithms,
        use.run.boot, "\(use.run.namespace)", "\(use.time)",
      ])
    case .installed(let numbers):
      JournalLine(["\(number)", "installed"] + numbers.map { "\($0)" })
    }
  }

  /// `nil` for a line that this version does not write, or not as that number.
  init?(_ line: JournalLine, _ number: Int) {
    var words = WordReader(line.words)
    guard words.number(Int.self) == number else { return nil }
    switch words.word() {
    case "used":
      guard let fingerprint = words.word().flatMap({ UInt64($0, radix: 16) }),
        let object = words.word().flatMap({ ObjectName($0) }),
        let direction = words.number(UInt8.self),
        let destination = words.word().flatMap({ IPAddress($0) }),
        let spi = words.number(UInt32.self), let algorithms = words.word(),
        let boot = words.word(), let namespace = words.number(UInt64.self),
        let time = words.number(UInt64.self), words.isAtEnd
      else { return nil }
      self = .used(
        KeyUse(
          fingerprint: fingerprint, object: object,
          direction: SecurityAssociation.Direction(rawValue: direction), destination: destination,
          spi: SPI(rawValue: spi), algorithms: algorithms,
          run: KernelRun(boot: boot, namespace: namespace), time: time))
    case "installed":
      var numbers: [Int] = []
      while !words.isAtEnd {
        guard let earlier = words.number(Int.self), earlier < number else { return nil }
        numbers.append(earlier)
      }
      self = .installed(numbers)
    default: return nil
    }
  }
}
