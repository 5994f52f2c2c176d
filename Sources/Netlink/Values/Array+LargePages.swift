internal import CNetlink

extension Array {
  /// Makes room for `count` elements, in large pages if they fill some: to bring in small ones
  /// takes about as long as to decode what goes into them.
  package mutating func makeRoom(for count: Int) {
    reserveCapacity(count)
    let bytes = count * MemoryLayout<Element>.stride
    guard bytes >= 4 << 20 else { return }
    // Sound: the room belongs to the array alone, and a hint changes nothing in it.
    unsafe withUnsafeMutableBytes { elements in
      if let start = elements.baseAddress { unsafe cnl_prefer_large_pages(start, bytes) }
    }
  }
}
