using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Security;

namespace System.Management.Automation;

// Objects as the engine of Windows PowerShell has them, as far as the module builds them of an answer. That engine is
// not to be had outside of Windows; in place of its thousand types here are those six.

/// <summary>What a property is.</summary>
public abstract class PSMemberInfo
{
    /// <summary>Its name.</summary>
    public string Name { get; private protected set; } = "";

    /// <summary>Its value.</summary>
    public abstract object? Value { get; set; }

    /// <summary>The name of the value's type.</summary>
    public abstract string TypeNameOfValue { get; }

    /// <summary>Another one like it.</summary>
    public abstract PSMemberInfo Copy();
}

/// <summary>A property.</summary>
public abstract class PSPropertyInfo : PSMemberInfo
{
}

/// <summary>A property that holds its value.</summary>
public class PSNoteProperty : PSPropertyInfo
{
    private object? _value;

    /// <summary>A property of this name and value.</summary>
    public PSNoteProperty(string name, object? value)
    {
        Name = name;
        _value = value;
    }

    /// <inheritdoc/>
    public override object? Value
    {
        get => _value;
        set => _value = value;
    }

    /// <inheritdoc/>
    public override string TypeNameOfValue => _value == null ? "" : _value.GetType().FullName!;

    /// <inheritdoc/>
    public override PSMemberInfo Copy() => new PSNoteProperty(Name, _value);
}

/// <summary>The properties of an object.</summary>
public abstract class PSMemberInfoCollection<T> : IEnumerable<T>
    where T : PSMemberInfo
{
    /// <summary>One of them, or null.</summary>
    public abstract T? this[string name] { get; }

    /// <summary>Adds a copy of one.</summary>
    public abstract void Add(T member);

    /// <summary>Adds a copy of one.</summary>
    public abstract void Add(T member, bool preValidated);

    /// <inheritdoc/>
    public abstract IEnumerator<T> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>The type of an object that is nothing but its properties.</summary>
public class PSCustomObject
{
}

/// <summary>An object of properties. Like that of 5.1 it has no constructor that takes their number.</summary>
public class PSObject
{
    /// <summary>An object without properties.</summary>
    public PSObject()
    {
    }

    /// <summary>Another object's; here to be told from a constructor that takes a number.</summary>
    public PSObject(object value) => throw new NotSupportedException($"nobody wraps a {value.GetType()} here");

    /// <summary>What it wraps: itself, being nothing but its properties.</summary>
    public object BaseObject => this;

    /// <summary>What it is, the nearest first.</summary>
    public Collection<string> TypeNames { get; } = new() { "System.Management.Automation.PSCustomObject" };

    /// <summary>Its properties, in order.</summary>
    public PSMemberInfoCollection<PSPropertyInfo> Properties { get; } = new Members();

    private sealed class Members : PSMemberInfoCollection<PSPropertyInfo>
    {
        private readonly List<PSPropertyInfo> _members = new();

        public override PSPropertyInfo? this[string name] =>
            _members.Find(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));

        public override void Add(PSPropertyInfo member) => Add(member, preValidated: false);

        // The engine adds a copy, whatever it was told.
        public override void Add(PSPropertyInfo member, bool preValidated) =>
            _members.Add((PSPropertyInfo)member.Copy());

        public override IEnumerator<PSPropertyInfo> GetEnumerator() => _members.GetEnumerator();
    }
}

/// <summary>A name and a password.</summary>
public sealed class PSCredential
{
    /// <summary>Both of them.</summary>
    public PSCredential(string userName, SecureString password) => (UserName, Password) = (userName, password);

    /// <summary>The name.</summary>
    public string UserName { get; }

    /// <summary>The password.</summary>
    public SecureString Password { get; }
}

/// <summary>What a command's switch says.</summary>
public readonly struct SwitchParameter
{
    /// <summary>Whether it was given.</summary>
    public bool IsPresent { get; }
}

/// <summary>The engine's conversions.</summary>
public static class LanguagePrimitives
{
    /// <summary>A value as another type; here only what it is already.</summary>
    public static T ConvertTo<T>(object value) => (T)value;
}
