import XFRMKit

// The C library has it, and no header that Swift could see.
@_silgen_name("capset") private func capset(
  _ header: UnsafePointer<UInt32>, _ sets: UnsafePointer<UInt32>
) -> Int32

/// Runs `body` on a thread that has no capability, and is no more when it returns.
func withoutCapabilities<Value: Sendable>(
  _ body: @escaping @Sendable () -> Value
) throws -> Value {
  try NetworkNamespace.create().run { () throws(NetlinkError) in
    let header: [UInt32] = [0x2008_0522, 0]
    let none = [UInt32](repeating: 0, count: 6)
    // Sound: both have the size that version 3 of the call has, and outlive it.
    guard unsafe capset(header, none) == 0 else {
      throw .system(.startThread, .notPermitted)
    }
    return body()
  }
}
