namespace DattoRMM.Client;

/// <summary>
/// What went wrong. Up to 99 the numbers are those of the library (<c>DRMM_ERROR_*</c> in <c>drmm.h</c>); from 100 on
/// they are this assembly's own.
/// </summary>
public enum ErrorKind
{
    /// <summary>A required pointer was null: a fault of this module.</summary>
    NullPointer = 1,

    /// <summary>Text was not UTF-8: a fault of this module.</summary>
    Utf8 = 2,

    /// <summary>The library panicked: a fault of the library.</summary>
    Panic = 3,

    /// <summary>A handle was freed already, or is of another type: a fault of this module.</summary>
    Handle = 4,

    /// <summary>The options or call document was not understood: a fault of this module.</summary>
    Document = 10,

    /// <summary>A value is not acceptable; nothing was sent.</summary>
    InvalidArgument = 11,

    /// <summary>There is no connection, or it has been closed.</summary>
    NotConnected = 12,

    /// <summary>The key was not accepted.</summary>
    Authentication = 20,

    /// <summary>403 for this resource.</summary>
    Forbidden = 21,

    /// <summary>404.</summary>
    NotFound = 22,

    /// <summary>Another 4xx: the request itself is at fault.</summary>
    Rejected = 23,

    /// <summary>409.</summary>
    Conflict = 24,

    /// <summary>429, after all attempts.</summary>
    RateLimited = 25,

    /// <summary>The server has blocked this address for a time.</summary>
    Blocked = 26,

    /// <summary>5xx, after all attempts.</summary>
    Server = 27,

    /// <summary>The server could not be reached, or the connection broke.</summary>
    Connection = 40,

    /// <summary>The server's certificate was not accepted.</summary>
    Tls = 41,

    /// <summary>A deadline passed.</summary>
    Timeout = 42,

    /// <summary>The answer is not the JSON that was expected, or a batch is not what the contract says.</summary>
    Malformed = 50,

    /// <summary>The answer exceeds the cap.</summary>
    TooLarge = 51,

    /// <summary>The next page would be at another origin.</summary>
    ForeignPage = 52,

    /// <summary>The next page had been read already.</summary>
    PageLoop = 53,

    /// <summary>A fault of the library.</summary>
    Internal = 60,

    /// <summary>The operating system refused a thread or random numbers.</summary>
    System = 61,

    /// <summary>The native library is missing, or not the one that belongs to this assembly.</summary>
    NativeLibrary = 100,

    /// <summary>The platform does not offer this any more; nothing was sent.</summary>
    Withdrawn = 101,
}
