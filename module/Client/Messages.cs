using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace DattoRMM.Client;

/// <summary>
/// Every text of this assembly that a user can meet. Error texts are a sentence without its capital and its full stop,
/// as the library's are; <see cref="Sentence"/> adds both.
/// </summary>
internal static class Messages
{
    internal const string NotConnected = "there is no connection; run Connect-DrmmApi first";

    internal const string SeveralAccounts =
        "several accounts are connected in this process, and none of them by this runspace; "
        + "name one with -Connection, or run Connect-DrmmApi here";

    internal const string SessionClosed = "the connection has been closed; run Connect-DrmmApi again";

    internal const string MalformedBatch =
        "the native library's answer was not understood (malformed batch); install the module again";

    internal const string FileMissing = "there is no such file";

    internal const string NotANumber = "NaN and infinity cannot be sent as JSON";

    internal const string NoUrl =
        "no API URL is known; give -Url or -Platform, or set DRMM_API_URL or DRMM_API_PLATFORM";

    internal const string UrlAndPlatform = "-Url and -Platform exclude each other";

    internal const string NoEnvironmentKey =
        "no API key is known; give -Key and -SecretKey or -Credential, or set DRMM_API_KEY and DRMM_API_SECRET";

    internal const string NoCredential = "-Credential is no credential, such as Get-Credential gives";

    internal const string InputBesideUids =
        "with -JobUid and -DeviceUid nothing is left to be piped in; nothing was sent";

    internal const string OwnKey = "the API key of this connection's user";

    internal const string ResetKey = "Replace key and secret key";

    internal const string JobNotNamed = "the server did not say which job it has started; look in the web portal";

    internal const string NotADefinition = "a variable is given with a name and a value; nothing was sent";

    internal const string TimeoutNeedsWait = "-TimeoutSec says how long to wait, so it goes with -Wait";

    internal const string Resolve = "Resolve alert";

    internal const string CreateVariable = "Create variable";

    internal const string ChangeVariable = "Change variable";

    internal const string RemoveVariable = "Remove variable";

    internal const string NothingToChangeInVariable = "neither -Value nor -NewName says what to change; nothing was sent";

    internal const string MaskedValue =
        "the value of a masked variable is not told, so it cannot be kept; give -Value; nothing was changed";

    internal const string NameOfVariable =
        "-Name finds a variable of the account or of a site; it does not go with a piped variable";

    internal const string OtherSite = "the piped variable is of another site than -SiteUid says; nothing was sent";

    internal const string VariableOfSite =
        "the variable is of a site, which its number alone does not say; pipe it to Set-DrmmVariable or "
        + "Remove-DrmmVariable, or give its number and its site; nothing was sent";

    internal const string NoMuting =
        "since version 8.9.0 Datto RMM lets no alert be muted or unmuted; nothing was sent";

    internal const string PagesNeedGet = "-All reads lists, so it goes with -Method GET only";

    internal const string StatusOfAlert = "-Status and -Muted choose among alerts; they do not go with one piped alert";

    internal const string FilterOfDevice = "-FilterId chooses among a site's devices; it does not go with one device";

    internal const string NoPosition = "there is an argument that no parameter takes; nothing was sent";

    internal const string NotText = "an object is no text; give one of its properties; nothing was sent";

    internal const string NoUdf =
        "there is no value for any user-defined field: the input has no property udf1 to udf300, and neither -Udf nor "
        + "one of -Udf1 to -Udf30 was given; nothing was sent";

    internal const string WarrantyOrClear =
        "either -WarrantyDate with a date or -Clear says what becomes of the warranty date; nothing was sent";

    internal const string ClearWarranty = "Clear the warranty date";

    internal const string CreateSite = "Create";

    internal const string SetProxy = "Set the proxy";

    internal const string RemoveProxy = "Remove the proxy";

    internal const string NothingToChangeInSite = "no property of the site was named that should change; nothing was sent";

    internal const string ReplaceNeedsName =
        "-Replace needs -SiteName, since a site cannot be without a name; nothing was sent";

    internal const string TwoLogins =
        "-ProxyCredential and -ProxyUsername or -ProxyPassword exclude each other; nothing was sent";

    internal const string ProxyIncomplete =
        "a proxy needs all of -ProxyHost, -ProxyPort and -ProxyType; nothing was sent";

    internal const string BodyNeedsWrite = "a body goes with -Method PUT, POST or DELETE; nothing was sent";

    internal const string QuotaNotTold =
        "the server does not tell its quota to this API key; the documented one is kept to, without a look at what "
        + "others use";

    internal const string BlockedAction =
        "Wait until then. The block comes of requests that went on when the account's limit was reached: look for other "
        + "scripts and programs that use the API from this address.";

    internal static string TryAgainAt(string message, DateTime time) =>
        message + "; try again at " + time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string ConnectionClosed(Connection connection) =>
        "the connection " + connection + " has been closed; run Connect-DrmmApi again";

    internal static string NoErrorDetail(int status) => "the native library failed with status " + Text(status);

    /// <param name="path">Where the library is, or should be.</param>
    /// <param name="why">What the system says.</param>
    /// <param name="windows">The version of Windows; null elsewhere.</param>
    internal static string LibraryNotLoaded(string path, string why, Version? windows) =>
        "the native library " + path + " could not be loaded (" + TrimStop(why) + "); "
        + (windows?.Major < 10
            ? "it needs Windows 10 or Windows Server 2016, and this is Windows " + windows.ToString(2)
            : "install the module again, or ask for a build for this platform");

    internal static string OtherLibraryLoaded(string path) =>
        "the native library " + path + " cannot be used: this process has loaded another one of its name, perhaps of "
        + "another version of the module; start a new process";

    internal static string AbiMismatch(string path, uint found, uint expected) =>
        "the native library " + path + " has ABI version " + Text(found) + ", this module needs " + Text(expected)
        + "; another version of the module may be loaded in this process: start a new one";

    internal static string NotJson(Type type) => "a value of type " + type.FullName + " cannot be sent as JSON";

    internal static string BodyTooDeep(int depth) =>
        "the body nests deeper than " + Text(depth) + " levels; does it hold itself?";

    internal static string UnknownPlatform(string name) =>
        "there is no platform «" + name + "»; it is one of " + string.Join(", ", Platform.Names);

    internal static string ForeignEnvironmentUrl(string variable) =>
        "the URL in " + variable + " is not one of Datto's platforms; any other must be given with -Url";

    internal static string Empty(string parameter) =>
        "the value of -" + parameter + " is null or empty; nothing was sent";

    internal static string NoParameter(string name) =>
        "there is no parameter " + name + "; nothing was sent";

    internal static string NotAUrl(string parameter) =>
        "-" + parameter + " is not an absolute URL such as http://proxy.example:8080";

    internal static string Inputs(int ended, int underWay) =>
        "inputs: " + Text(ended) + " done, " + Text(underWay) + " under way";

    internal static string StillWaiting(string waiting, TimeSpan patience) =>
        waiting + " had not ended after " + Text((long)patience.TotalSeconds)
        + " s; it goes on, only the waiting has ended";

    internal static string QueryNotText(string name) =>
        "the query parameter «" + name + "» is an object; give one of its properties";

    internal static string NullQuery(string name) => "the query parameter «" + name + "» is null or an empty list; leave it out";

    internal static string InputNull(Noun own) =>
        "the input is null or empty where " + Article(own) + " is expected; nothing was sent";

    internal static string InputUnknown(Noun own) =>
        "the input is neither a site, a device nor an alert (by its type name), and has no property "
        + Input.UidName(own) + " that says which " + Name(own) + " is meant; nothing was sent";

    internal static string NotAUid(Type type, Noun wanted) =>
        "a value of type " + type.FullName + " is not the uid of " + Article(wanted) + "; nothing was sent";

    internal static string OtherKind(Noun found, Noun wanted) =>
        "the input is " + Article(found) + " where " + Article(wanted) + " is expected; nothing was sent";

    internal static string InputWithoutUid(Noun found, Noun wanted) =>
        "the input is " + Article(found) + " that does not say the uid of " + Article(wanted) + "; nothing was sent";

    internal static string NoItemHas(string name) =>
        "no object of the list has a field «" + name + "»; this property is null in all of them";

    internal static string LabelIsNoPath(string label, string path) =>
        "no object of the list has a field «" + label + "»; that is the label of " + path
        + ", which -Property calls by that path";

    internal static string NoFields(Type? type) =>
        type == null ? "the input is null" : "a value of type " + type.FullName + " is no object with fields";

    internal static string ObjectTooDeep(int depth) =>
        "the object nests deeper than " + Text(depth) + " levels; does it hold itself?";

    internal static string NoSuchField(string? name) => "there is no field «" + name + "»";

    internal static string NotATime(string name) => "the field «" + name + "» holds no time";

    internal static string Alert(string uid) => "alert " + uid;

    internal static string Device(string uid) => "device " + uid;

    internal static string StartJob(string name) => "Start quick job «" + name + "»";

    internal static string Job(string uid, string name, string device) =>
        "job «" + name + "» (" + uid + ") on " + device;

    internal static string NoSuchComponent(string name) =>
        "there is no component with the name or uid «" + name + "», or this API key may not see it; no job was started";

    internal static string SeveralComponents(string name, IEnumerable<string> uids) =>
        "there are several components named «" + name + "»; give the uid of one of them: " + string.Join(", ", uids)
        + "; no job was started";

    internal static string GalleryComponentNotFound(string name) => "Could not find a component named " + name;

    internal static string NotATable(Type type, string example) =>
        "a value of type " + type.FullName + " is no table such as " + example + "; nothing was sent";

    internal static string VariableNotText(string name) =>
        "the value of the variable «" + name + "» is no text, number, truth value or time; no job was started";
    internal static string Site(string uid) => "site " + uid;

    internal static string SiteNamed(string name) => "site «" + name + "»";

    internal static string SetProperties(IEnumerable<string> names) => "Set " + string.Join(", ", names);

    internal static string ReplaceBy(IEnumerable<string> names) =>
        "Replace all that can be set by " + string.Join(", ", names);

    internal static string NotASite(string uid) => "the answer for site " + uid + " is no site";

    internal static string NoInterfaces(string deviceUid, string siteUid) =>
        "device " + deviceUid + " is not in the list of network interfaces of its site " + siteUid;

    internal static string MoveTo(string siteUid) => "Move to site " + siteUid;

    internal static string SetWarranty(string day) => "Set the warranty date to " + day;

    internal static string WarrantyEmpty(string parameter) => Empty(parameter) + "; -Clear clears the date";

    internal static string NotADay(Type type) =>
        "a value of type " + type.FullName + " is no date; nothing was sent";

    internal static string NotADay(string text) =>
        "«" + text + "» is no date with its year in four digits; write it as yyyy-MM-dd; nothing was sent";

    internal static string TwoDays(string text, string own, string common) =>
        "«" + text + "» may mean " + own + " or " + common + "; write it as yyyy-MM-dd; nothing was sent";

    internal static string NoSuchUdf(string name, int most) =>
        "there is no user-defined field «" + name + "»; they are 1 to " + Text(most) + ", written 5, '5' or 'udf5'; "
        + "nothing was sent";

    internal static string UdfTwice(int number) =>
        "there are two values for the user-defined field " + Text(number) + "; nothing was sent";

    internal static string NotAUdf(int number, Type type) =>
        "a value of type " + type.FullName + " does not go into a user-defined field (" + Text(number)
        + "); nothing was sent";

    internal static string NothingToSet(string uid) =>
        "device " + uid + ": all columns of the input are empty, so nothing is set (-ClearEmpty deletes such fields)";

    internal static string SetUdfs(IEnumerable<int> set, IEnumerable<int> deleted) =>
        (Numbers(set), Numbers(deleted)) switch
        {
            ("", "") => "Set no user-defined field",
            ("", var gone) => "Delete user-defined fields " + gone,
            (var some, "") => "Set user-defined fields " + some,
            var (some, gone) => "Set user-defined fields " + some + " and delete " + gone,
        };

    internal static string Variable(string name, string? siteUid) =>
        "variable " + name + (siteUid == null ? "" : " of site " + siteUid);

    internal static string NoVariable(string name, string? siteUid) =>
        "there is no variable " + name + (siteUid == null ? " of the account" : " of site " + siteUid);

    internal static string SeveralVariables(string name) =>
        "there are several variables " + name + " that differ in upper and lower case; name one with -VariableId";

    internal static string NotAudited(string uid, string? deviceClass) =>
        "there is no audit of device " + uid + ", whose class is " + (deviceClass ?? "not known");

    internal static string NoComponent(string uid) => "there is no component " + uid;

    /// <summary>A text with its capital and its full stop.</summary>
    internal static string Sentence(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }
        string end = text[text.Length - 1] is '.' or '?' or '!' ? "" : ".";
        return char.ToUpperInvariant(text[0]) + text.Substring(1) + end;
    }

    private static string TrimStop(string text) => text.TrimEnd('.', ' ', '\r', '\n');

    private static string Numbers(IEnumerable<int> numbers) =>
        string.Join(", ", numbers.Select(number => Text(number)));

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Name(Noun noun) => noun.ToString().ToLowerInvariant();

    private static string Article(Noun noun) => (noun == Noun.Alert ? "an " : "a ") + Name(noun);
}
