/// Tags that are free.
struct TagSupply: Sendable {
  private var used: Set<UInt32>

  /// - Parameter tags: Those that are in use, in the journal or in the kernel.
  init(used tags: some Sequence<Tag>) { used = Set(tags.map(\.slot)) }

  /// A tag for an object: the same one each time, for as long as no other object has it. `nil` if
  /// there is none left.
  mutating func take(for name: ObjectName) -> Tag? {
    guard used.count < Int(Tag.limit) else { return nil }
    var slot = Self.hash("\(name)") % Tag.limit
    while !used.insert(slot).inserted { slot = (slot + 1) % Tag.limit }
    return Tag(slot: slot)
  }

  /// FNV-1a: the same in every process, which Swift's own is not.
  private static func hash(_ text: String) -> UInt32 {
    text.utf8.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
