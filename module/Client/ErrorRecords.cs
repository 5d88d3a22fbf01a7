using System.Management.Automation;

namespace DattoRMM.Client;

/// <summary>Makes every ErrorRecord of the module: stable ids, right categories.</summary>
internal static class ErrorRecords
{
    /// <summary>
    /// The record of a fault. Its id is <c>Drmm</c> and the kind, its target what the fault knows, else
    /// <paramref name="target"/>, which is shown as <paramref name="name"/> if it is an object.
    /// </summary>
    internal static ErrorRecord ToErrorRecord(this DrmmException fault, object? target, string? name = null)
    {
        ErrorRecord record = new(fault, Id(fault.Kind), Category(fault.Kind), fault.Target ?? target);
        if (record.TargetObject is PSObject { BaseObject: PSCustomObject } item)
        {
            // The engine would show its text, which is every field of it.
            record.CategoryInfo.TargetName = string.IsNullOrEmpty(name) ? item.TypeNames[0] : name;
        }
        if (fault.Kind == ErrorKind.Blocked)
        {
            record.ErrorDetails = new ErrorDetails(fault.Message) { RecommendedAction = Messages.BlockedAction };
        }
        return record;
    }

    private static string Id(ErrorKind kind) => kind switch
    {
        ErrorKind.NullPointer or ErrorKind.Utf8 or ErrorKind.Panic or ErrorKind.Handle or ErrorKind.Document
            or ErrorKind.Internal => "DrmmInternalError",
        ErrorKind.InvalidArgument => "DrmmInvalidArgument",
        ErrorKind.NotConnected => "DrmmNotConnected",
        ErrorKind.Authentication => "DrmmAuthentication",
        ErrorKind.Forbidden => "DrmmForbidden",
        ErrorKind.NotFound => "DrmmNotFound",
        ErrorKind.Rejected => "DrmmRejected",
        ErrorKind.Conflict => "DrmmConflict",
        ErrorKind.RateLimited => "DrmmRateLimited",
        ErrorKind.Blocked => "DrmmBlocked",
        ErrorKind.Server => "DrmmServer",
        ErrorKind.Connection => "DrmmConnection",
        ErrorKind.Tls => "DrmmTls",
        ErrorKind.Timeout => "DrmmTimeout",
        ErrorKind.Malformed => "DrmmMalformedAnswer",
        ErrorKind.TooLarge => "DrmmTooLarge",
        ErrorKind.ForeignPage => "DrmmForeignPage",
        ErrorKind.PageLoop => "DrmmPageLoop",
        ErrorKind.System => "DrmmSystem",
        ErrorKind.NativeLibrary => "DrmmNativeLibrary",
        ErrorKind.Withdrawn => "DrmmWithdrawn",
        _ => "DrmmError",
    };

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument or ErrorKind.Rejected => ErrorCategory.InvalidArgument,
        ErrorKind.NotConnected or ErrorKind.Connection or ErrorKind.Tls => ErrorCategory.ConnectionError,
        ErrorKind.Authentication => ErrorCategory.AuthenticationError,
        ErrorKind.Forbidden => ErrorCategory.PermissionDenied,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.Conflict => ErrorCategory.ResourceExists,
        ErrorKind.RateLimited or ErrorKind.Blocked or ErrorKind.TooLarge => ErrorCategory.LimitsExceeded,
        ErrorKind.Server or ErrorKind.System => ErrorCategory.ResourceUnavailable,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        ErrorKind.Malformed => ErrorCategory.InvalidData,
        ErrorKind.ForeignPage => ErrorCategory.SecurityError,
        ErrorKind.PageLoop => ErrorCategory.InvalidResult,
        ErrorKind.NativeLibrary => ErrorCategory.NotInstalled,
        ErrorKind.Withdrawn => ErrorCategory.NotImplemented,
        _ => ErrorCategory.NotSpecified,
    };
}
