internal import Glibc

/// The names in a directory.
package enum FileNames {
  package static func isFolder(_ path: String) -> Bool {
    // Sound: the path outlives the call.
    guard let directory = unsafe opendir(path) else { return false }
    unsafe closedir(directory)
    return true
  }

  /// Without those that begin with a dot; none if it cannot be read.
  package static func list(_ path: String) -> [String] {
    // Sound: the path outlives the call, and an entry is copied before the next is read.
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
