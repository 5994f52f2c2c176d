import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// What becomes of its file, and what can be read in it.
extension LedgerTests {
  @Test("ends anywhere: what it has whole it knows, and it goes on")
  func cut() throws {
    let keys = (0..<3).map { _ in Secret.random(count: 36) }
    var ends: [Int] = []
    do {
      var ledger = try open()
      for (number, key) in keys.enumerated() {
        try ledger.admit(entry("a", spi: SPI(rawValue: 0x5800_1000 + UInt32(number))), key)
        let text = String(decoding: try folder.bytes("ledger"), as: UTF8.self)
        // The line about the key; one that says that it is installed follows.
        ends.append(text.split(separator: "\n").dropLast().reduce(0) { $0 + $1.utf8.count + 1 })
      }
    }
    let whole = try folder.bytes("ledger")
    var known = 0
    for count in 0...whole.count {
      try folder.write(Array(whole.prefix(count)), to: "ledger")
      var ledger = try open(Self.nextBoot)
      // A line that lacks its end alone is whole.
      for (key, end) in zip(keys, ends) where end - 1 <= count {
        #expect(refusal(&ledger, entry("z"), key) != nil, "cut at \(count)")
        known += 1
      }
      let fresh = Secret.random(count: 36)
      #expect(refusal(&ledger, entry("z"), fresh) == nil)
      var again = try open(Self.nextBoot)
      #expect(refusal(&again, entry("z"), fresh) != nil)
    }
    #expect(known > 300)
  }

  @Test("cut while it is open, it is refused")
  func cutMeanwhile() throws {
    var ledger = try open()
    try ledger.admit(entry("a"), .random(count: 36))
    try ledger.admit(entry("a", spi: 0x5800_2000), .random(count: 36))
    #expect(unsafe truncate(folder.file("ledger"), 100) == 0)
    #expect(refusal(&ledger, entry("b"), .random(count: 36))?.contains("is damaged") == true)
    var again = try open()
    #expect(refusal(&again, entry("b"), .random(count: 36)) == nil)
  }

  @Test("a changed bit is found out, and so is a line that is gone, twice there or elsewhere")
  func changed() throws {
    do {
      var ledger = try open()
      for number in 0..<3 as Range<UInt32> {
        try ledger.admit(
          entry("a", spi: SPI(rawValue: 0x5800_1000 + number)), .random(count: 36))
      }
    }
    let whole = try folder.bytes("ledger")
    for index in whole.indices {
      for bit in 0..<8 {
        var bytes = whole
        bytes[index] ^= 1 << bit
        try folder.write(bytes, to: "ledger")
        #expect(throws: StoreProblem.self, "bit \(bit) of \(index)") { _ = try open() }
      }
    }
    let lines = whole.split(separator: UInt8(ascii: "\n"))
    func write(_ lines: [ArraySlice<UInt8>]) throws {
      try folder.write(lines.flatMap { $0 + [UInt8(ascii: "\n")] }, to: "ledger")
    }
    for index in lines.indices.dropLast() {
      var (gone, twice, swapped) = (lines, lines, lines)
      gone.remove(at: index)
      twice.insert(lines[index], at: index)
      swapped.swapAt(index, index + 1)
      for bad in [gone, twice, swapped] {
        try write(bad)
        #expect(throws: StoreProblem.self) { _ = try open() }
      }
    }
    try write(lines)
    _ = try open()
  }

  @Test("is of no use without its secret, and says so")
  func secret() throws {
    let key = Secret.random(count: 36)
    do {
      var ledger = try open()
      try ledger.admit(entry("a"), key)
    }
    let secret = try folder.bytes("ledger.secret")
    #expect(unsafe unlink(folder.file("ledger.secret")) == 0)
    let said = #expect(throws: StoreProblem.self) { _ = try open() }
    #expect(said?.description.contains("was made with another ledger.secret") == true)
    try folder.write(Array(String(repeating: "00", count: 32).utf8), to: "ledger.secret")
    #expect(throws: StoreProblem.self) { _ = try open() }
    try folder.write(secret, to: "ledger.secret")
    var ledger = try open()
    #expect(refusal(&ledger, entry("a"), key) != nil)
    #expect(unsafe chmod(folder.file("ledger.secret"), 0o644) == 0)
    #expect(throws: StoreProblem.self) { _ = try open() }
    #expect(unsafe chmod(folder.file("ledger.secret"), 0o600) == 0)
    #expect(unsafe chmod(folder.file("ledger"), 0o644) == 0)
    #expect(throws: StoreProblem.self) { _ = try open() }
  }

  @Test("has neither keys nor what they could be guessed by")
  func secrecy() throws {
    let key = Secret([UInt8](repeating: 0x5c, count: 36).span)
    let (one, other) = (try TemporaryFolder(), try TemporaryFolder())
    var texts: [String] = []
    for folder in [one, other] {
      var ledger = try Ledger.open(in: folder.path, for: Self.boot)
      try ledger.admit(entry("a"), key)
      #expect(ledger.fingerprint(of: key) == ledger.fingerprint(of: key))
      let lines = String(decoding: try folder.bytes("ledger"), as: UTF8.self)
        .split(separator: "\n")
      texts.append(String(lines[1].split(separator: " ")[3]))
      #expect(!lines.joined().contains("5c5c"))
    }
    // The same key, two hosts.
    #expect(texts[0] != texts[1])
    #expect(texts[0].count > 8)
  }
}
