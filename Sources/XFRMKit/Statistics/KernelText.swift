internal import Glibc

/// What a file of `/proc` says.
package func kernelText(at path: String) throws(SystemErrno) -> String {
  // Sound: text and buffer outlive the calls they are lent to.
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .current }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = unsafe read(descriptor, &chunk, chunk.count)
    guard count >= 0 else { throw .current }
    guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
    bytes += chunk[..<count]
  }
}
