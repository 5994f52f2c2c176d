internal import XFRMKit

/// What is known of a ledger without reading it again: where each key is, and little more, as it
/// grows for as long as a host lives.
struct LedgerContents {
  private let run: KernelRun
  /// The first line.
  private(set) var header: JournalLine?
  /// The number of the next line.
  private(set) var count = 0
  /// What was announced in this run and not noted to be installed, by line.
  private(set) var open: [Int: LedgerRecord.KeyUse] = [:]
  private var places: [UInt64: Places] = [:]

  /// Where lines about a key begin; hardly ever are there two.
  private struct Places {
    var first: Int
    var others: [Int] = []
  }

  init(_ run: KernelRun) { self.run = run }

  /// Where the lines about a key begin.
  func lines(about fingerprint: UInt64) -> [Int] {
    places[fingerprint].map { [$0.first] + $0.others } ?? []
  }

  /// Takes note of a line.
  ///
  /// - Returns: False if it is damaged.
  mutating func note(_ line: ArraySlice<UInt8>, at offset: Int) -> Bool {
    guard let line = JournalLine(line) else { return false }
    return note(line, at: offset)
  }

  mutating func note(_ line: JournalLine, at offset: Int) -> Bool {
    guard header != nil else {
      header = line
      count += 1
      return true
    }
    guard let record = LedgerRecord(line, count) else { return false }
    note(record, at: offset)
    return true
  }

  mutating func note(_ record: LedgerRecord, at offset: Int) {
    switch record {
    case .used(let use):
      if places[use.fingerprint] == nil {
        places[use.fingerprint] = Places(first: offset)
      } else {
        places[use.fingerprint]?.others.append(offset)
      }
      if use.run == run { open[count] = use }
    case .installed(let numbers): for number in numbers { open[number] = nil }
    }
    count += 1
  }
}
