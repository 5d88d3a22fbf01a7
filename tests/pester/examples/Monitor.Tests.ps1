# The template of a monitor, in a process of its own: its result, its exit code and its 3 seconds.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-ExampleSimulator
    $device = @(Get-DrmmDevice | Where-Object { $_.warrantyDate -and $_.hostname })[0]
    $component = New-Component $sim $device 'Component-Monitor.ps1'
    # This machine may be busy; the time that a monitor has is tested by itself.
    $patient = '-Url', $sim.url, '-DeadlineMs', '120000'

    function Invoke-Monitor([hashtable] $Variables = @{}, [string[]] $Arguments = $patient) {
        $all = $component.Variables.Clone()
        foreach ($name in $Variables.Keys) {
            $all[$name] = $Variables[$name]
        }
        Invoke-ScriptFile $component.Script $Arguments $all
    }

    # Makes the simulator know these devices only.
    function Set-Device([object[]] $Device) {
        $list = @{ pageDetails = @{ count = $Device.Count; totalCount = $Device.Count }; devices = $Device }
        $fault = @{ answer = ($list | ConvertTo-Json -Depth 9); contentType = 'application/json' }
        Set-Fault $sim (@{ match = 'GET /v2/account/devices'; fault = $fault } | ConvertTo-Json -Depth 9)
    }
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'The monitor' {
    AfterEach {
        Set-Fault $sim ''
    }

    It 'says that all is well and ends with 0' {
        $run = Invoke-Monitor @{ WarrantyDays = '-100000' }

        $run.Output | Should -Be "<-Start Result->`nStatus=OK: warranty until $($device.warrantyDate)`n<-End Result->"
        "$($run.Errors)|$($run.ExitCode)" | Should -Be '|0'
    }

    It 'alerts with its result, its diagnostic and 1' {
        $run = Invoke-Monitor @{ WarrantyDays = '100000' }

        $run.Output | Should -BeLike (
            "<-Start Result->`nStatus=ALERT: warranty until $($device.warrantyDate)`n<-End Result->`n" +
            "<-Start Diagnostic->`nDays left: *. Alert from: 100000.`n<-End Diagnostic->")
        $run.ExitCode | Should -Be 1
    }

    It 'sends one request beside its login' {
        Clear-Received $sim

        [void] (Invoke-Monitor)

        @(Get-Received $sim).Count | Should -Be 1
    }

    It 'knows its own name where the environment has none' {
        Set-Device @{
            hostname = [Environment]::MachineName.ToUpperInvariant()
            siteUid = $device.siteUid
            warrantyDate = $null
        }

        $run = Invoke-Monitor @{ COMPUTERNAME = '' }

        $run.Output | Should -Be "<-Start Result->`nStatus=OK: no warranty date is known`n<-End Result->"
        $run.ExitCode | Should -Be 0
    }
}

Describe 'The monitor that gets no answer' {
    BeforeAll {
        # How long this machine takes to start and end PowerShell at worst is no fault of the script. A second more is
        # for what its samples do not show: the end of a process with a check that is still on its way.
        $empty = Join-Path $TestDrive 'empty.ps1'
        Set-Content $empty ''
        $start = (1..5 | ForEach-Object { (Invoke-ScriptFile $empty).Milliseconds } | Measure-Object -Maximum).Maximum
        $limit = 2600 + $start + 1000
    }

    AfterEach {
        Set-Fault $sim ''
        # It forgets whom it has blocked, too.
        Clear-Received $sim
    }

    It 'ends at its deadline, with <Code> where AlertOnUnknown is <Alert>' -ForEach @(
        @{ Alert = ''; Code = 0 }, @{ Alert = 'false'; Code = 0 }, @{ Alert = 'true'; Code = 1 }
    ) {
        Set-Fault $sim '{"match":"* /*","fault":{"delayMs":60000}}'

        $run = Invoke-Monitor @{ AlertOnUnknown = $Alert } '-Url', $sim.url

        $run.Output | Should -Be (
            "<-Start Result->`nStatus=UNKNOWN: the check had not ended 2600 ms after the start of PowerShell`n" +
            '<-End Result->')
        $run.ExitCode | Should -Be $Code
        $run.Milliseconds | Should -BeLessThan $limit
    }

    It 'counts the time before the script began' {
        Set-Fault $sim '{"match":"* /*","fault":{"delayMs":60000}}'
        # A host that takes so much longer to start that the whole time from then on would be beyond the limit.
        $slow = Join-Path $component.Folder 'slow.ps1'
        Set-Content $slow @'
param([string] $Url, [int] $Start)
$process = [Diagnostics.Process]::GetCurrentProcess()
while (([datetime]::Now - $process.StartTime).TotalMilliseconds -lt $Start) { }
& (Join-Path $PSScriptRoot 'Component-Monitor.ps1') -Url $Url
'@

        $run = Invoke-ScriptFile $slow '-Url', $sim.url, '-Start', ($start + 1500) $component.Variables

        $run.Output | Should -BeLike '*Status=UNKNOWN: the check had not ended*'
        $run.ExitCode | Should -Be 0
        $run.Milliseconds | Should -BeLessThan $limit
    }

    It 'says why, and alerts only if told so: <Why>' -ForEach @(
        @{ Why = 'overloaded'; Fault = '{"status":503}'; Text = '*503*' }
        @{ Why = 'the address is blocked'; Fault = '"block"'; Text = '*blocked*' }
        @{ Why = 'the connection breaks'; Fault = '"resetBeforeHeaders"'; Text = '*127.0.0.1*' }
    ) {
        Set-Fault $sim ('{"match":"GET /v2/account/devices","fault":' + $Fault + '}')

        $quiet = Invoke-Monitor
        $loud = Invoke-Monitor @{ AlertOnUnknown = 'true' }

        $quiet.Output | Should -BeLike "<-Start Result->`nStatus=UNKNOWN: $Text`n<-End Result->"
        "$($quiet.ExitCode) $($loud.ExitCode)" | Should -Be '0 1'
    }

    It 'says that nothing listens there' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()

        $run = Invoke-Monitor @{} '-Url', "http://127.0.0.1:$port", '-DeadlineMs', '120000'

        $run.Output | Should -BeLike "<-Start Result->`nStatus=UNKNOWN: *127.0.0.1*refused*`n<-End Result->"
        $run.ExitCode | Should -Be 0
    }
}

Describe 'The monitor that cannot do its work' {
    AfterEach {
        Set-Fault $sim ''
    }

    # None of this mends itself, so it is an alert whatever AlertOnUnknown says.
    It 'alerts in a line that says why: <Why>' -ForEach @(
        @{ Why = 'WarrantyDays'; Variables = @{ WarrantyDays = 'thirty' }; Text = '*WarrantyDays*whole number*' }
        @{ Why = 'AlertOnUnknown'; Variables = @{ AlertOnUnknown = 'yes' }; Text = '*AlertOnUnknown*true or false*' }
        @{ Why = 'the hash'; Variables = @{ ModuleSha256 = '0' * 64 }; Text = '*SHA-256*Nothing was imported.' }
        @{ Why = 'the secret'; Variables = @{ DRMM_API_SECRET = 'canary-9f31' }; Text = '*key*' }
        @{ Why = 'no key'; Variables = @{ DRMM_API_KEY = '' }; Text = '*DRMM_API_KEY*' }
        @{ Why = 'the name'; Variables = @{ COMPUTERNAME = 'NOBODY' }; Text = '0 devices*named NOBODY*' }
        @{ Why = 'the site'; Variables = @{ CS_PROFILE_UID = '' }; Text = '0 devices*' }
    ) {
        $run = Invoke-Monitor $Variables

        $run.Output | Should -BeLike "<-Start Result->`nStatus=ERROR: $Text`n<-End Result->"
        "$($run.Errors)|$($run.ExitCode)" | Should -Be '|1'
        @($run.Output -split "`n").Count | Should -Be 3
        $run.Output | Should -Not -Match "canary-9f31|$($sim.secret)"
    }

    It 'alerts where the zip is missing' {
        $other = New-Component $sim $device 'Component-Monitor.ps1'
        Remove-Item $other.Zip

        $run = Invoke-ScriptFile $other.Script $patient $other.Variables

        $run.Output | Should -BeLike "<-Start Result->`nStatus=ERROR: 0 files DattoRMM*.zip*`n<-End Result->"
        $run.ExitCode | Should -Be 1
    }

    It 'alerts where two devices have its name' {
        $twin = @{ hostname = $device.hostname; siteUid = $device.siteUid; warrantyDate = '2031-05-31' }
        Set-Device $twin, $twin

        $run = Invoke-Monitor

        $run.Output | Should -BeLike "<-Start Result->`nStatus=ERROR: 2 devices*`n<-End Result->"
        $run.ExitCode | Should -Be 1
    }

    It 'alerts where the warranty date is none' {
        Set-Device @{ hostname = $device.hostname; siteUid = $device.siteUid; warrantyDate = 'soon' }

        $run = Invoke-Monitor

        $run.Output | Should -BeLike "<-Start Result->`nStatus=ERROR: *warranty date*`n<-End Result->"
        $run.ExitCode | Should -Be 1
    }

    It 'alerts where the answer is refused to its key' {
        Set-Fault $sim '{"match":"GET /v2/account/devices","fault":{"status":403}}'

        $run = Invoke-Monitor

        $run.Output | Should -BeLike "<-Start Result->`nStatus=ERROR: *`n<-End Result->"
        $run.ExitCode | Should -Be 1
    }

    It 'writes one line whatever the reason is' {
        $script = Join-Path $TestDrive 'lines.ps1'
        $complete = (Get-ScriptFunction 'Component-Monitor.ps1' 'Complete-Monitor').Extent.Text
        Set-Content $script ($complete + "`nComplete-Monitor ""ERROR: one`r`ntwo`tthree`n"" 1")

        $run = Invoke-ScriptFile $script

        $run.Output | Should -Be "<-Start Result->`nStatus=ERROR: one two three`n<-End Result->"
        $run.ExitCode | Should -Be 1
    }
}
