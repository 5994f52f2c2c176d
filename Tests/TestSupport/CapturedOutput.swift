internal import CInterposition
internal import Glibc

/// The calling thread's stdout and stderr from now on: two files that are nobody else's.
///
/// Starting a program for each of hundreds of commands takes minutes in a guest kernel. What is
/// called instead writes to the same descriptors, but not to those of the test runner.
public struct CapturedOutput: Sendable {
  /// Takes both; the thread has no file in common with others any more.
  public init?() {
    guard cni_own_files() == 0 else { return nil }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      // Sound: the file is closed once, and its copy stays.
      guard let file = unsafe tmpfile() else { return nil }
      let copy = unsafe dup2(fileno(file), descriptor)
      unsafe fclose(file)
      guard copy == descriptor else { return nil }
    }
  }

  /// Runs what stands for a program, and returns what it wrote and its exit status.
  public func outcome(of program: () -> Int32) -> Tool.Outcome {
    let status = program()
    return Tool.Outcome(
      status: status, output: take(STDOUT_FILENO), complaint: take(STDERR_FILENO))
  }

  private func take(_ descriptor: Int32) -> String {
    let length = Int(lseek(descriptor, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: length)
    // Sound: there is room for so many bytes.
    let count = unsafe pread(descriptor, &bytes, length, 0)
    precondition(count == length && ftruncate(descriptor, 0) == 0, "cannot keep the output")
    lseek(descriptor, 0, SEEK_SET)
    return String(decoding: bytes, as: UTF8.self)
  }
}
