internal import Glibc
internal import XFRMKit

/// What one process at a time holds, until it ends, however it ends.
struct FolderLock: ~Copyable {
  private let file: PrivateFile

  /// - Throws: A problem of the kind ``StoreProblem/Kind/busy`` if another process has it.
  init(in folder: borrowing PrivateFolder) throws(StoreProblem) {
    var file = try folder.file("lock", O_RDWR | O_CREAT)
    guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw StoreProblem(file.path, .current) }
      throw StoreProblem(file.path, "\(Self.holder(file)) is at work here", kind: .busy)
    }
    do throws(StoreProblem) {
      try file.truncate(to: 0)
      try file.append(Array("\(getpid())\n".utf8))
    } catch {
      // It is locked all the same; nobody will know by whom.
    }
    self.file = file
  }

  // A child that is on its way to be another program has the file open, too, and would keep it.
  deinit { flock(file.descriptor, LOCK_UN) }

  private static func holder(_ file: borrowing PrivateFile) -> String {
    // Whoever has it may be about to write who it is.
    let bytes = (try? file.content()) ?? []
    let number = Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    return number.map { "process \($0)" } ?? "another process"
  }

  /// Waits until nobody else has what is locked by a descriptor.
  static func wait(for descriptor: Int32, _ path: String) throws(StoreProblem) {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw StoreProblem(path, .current) }
    }
  }
}
