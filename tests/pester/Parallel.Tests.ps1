# Several runspaces and processes: they share the account's token, connection and quota in a process, and have their own
# in another.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 40 --sites 3 --limit 5000'
    $module = Get-ModulePath
    $devices = @(Get-DrmmDevice)

    function Get-LoginCount {
        $all = Invoke-RestMethod "$($sim.control)/requests"
        @($all | Where-Object path -eq '/auth/oauth/token').Count
    }
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'ForEach-Object -Parallel' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
    BeforeEach {
        Clear-Received $sim
    }

    It 'asks for each input on the connection that is there, without another login' {
        $names = @($devices | ForEach-Object -ThrottleLimit 8 -Parallel {
                Import-Module $using:module
                (Get-DrmmDevice $_.uid).hostname
            })

        @($names | Sort-Object) | Should -Be @($devices.hostname | Sort-Object)
        @(Get-Received $sim).Count | Should -Be 40
        Get-LoginCount | Should -Be 0
    }

    It 'pipes objects into the commands of another runspace' {
        $uids = @($devices | Select-Object -First 12 | ForEach-Object -ThrottleLimit 4 -Parallel {
                Import-Module $using:module
                ($_ | Get-DrmmDevice).uid
                [void] $_.udf.udf1
            })

        @($uids | Sort-Object) | Should -Be @(($devices | Select-Object -First 12).uid | Sort-Object)
    }

    It 'takes a connection that was handed over, whatever the runspace has' {
        $connection = Connect-DrmmApi -Url $sim.url -Key $sim.key -SecretKey $sim.secret -PassThru

        $names = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:module
            (Get-DrmmAccount -Connection $using:connection).name
        }

        $names | Sort-Object -Unique | Should -Be (Get-DrmmAccount).name
    }

    It 'reads a field that is decoded late from several threads at once' {
        $device = @(Get-DrmmDevice)[0]
        $fresh = @(Get-DrmmDevice)[0]

        $values = 1..16 | ForEach-Object -ThrottleLimit 8 -Parallel { ConvertTo-Json ($using:fresh).udf -Compress }

        $values | Sort-Object -Unique | Should -BeExactly (ConvertTo-Json $device.udf -Compress)
    }

    It 'tells of a fault, and goes on with the others' {
        $all = @($devices[0].uid, 'unknown', $devices[1].uid | ForEach-Object -Parallel {
                Import-Module $using:module
                Get-DrmmDevice $_
            } 2>&1)

        $faults = @($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        $faults.FullyQualifiedErrorId | Should -Be 'DrmmNotFound,DattoRMM.Commands.GetDrmmDeviceCommand'
        @($all | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] }).Count | Should -Be 2
    }
}

Describe 'Runspaces of a pool' {
    BeforeEach {
        Clear-Received $sim
    }

    It 'share the token: <_> at once' -ForEach 2, 10 {
        $pool = [RunspaceFactory]::CreateRunspacePool(1, $_)
        $pool.Open()
        $script = {
            param($module, $uid)
            Import-Module $module
            (Get-DrmmDevice -DeviceUid $uid).hostname
        }
        $running = foreach ($device in $devices | Select-Object -First 20) {
            $session = [PowerShell]::Create()
            $session.RunspacePool = $pool
            [void] $session.AddScript($script).AddArgument($module).AddArgument($device.uid)
            [pscustomobject]@{ Session = $session; Result = $session.BeginInvoke(); Name = $device.hostname }
        }

        foreach ($one in $running) {
            $one.Session.EndInvoke($one.Result) | Should -Be $one.Name
            $one.Session.Dispose()
        }

        $pool.Dispose()
        @(Get-Received $sim).Count | Should -Be 20
        Get-LoginCount | Should -Be 0
    }
}

Describe 'Start-Job' {
    BeforeEach {
        Clear-Received $sim
    }

    It 'logs in for itself, and its objects go on in the pipeline here' {
        $job = Start-Job -ArgumentList $module, $sim.url, $sim.key, $sim.secret -ScriptBlock {
            param($module, $url, $key, $secret)
            Import-Module $module
            Connect-DrmmApi -Url $url -Key $key -SecretKey $secret
            Get-DrmmDevice | Select-Object -First 3
            Get-DrmmDevice unknown
        }

        $back = @(Receive-Job $job -Wait -AutoRemoveJob -ErrorVariable faults -ErrorAction SilentlyContinue)

        Get-LoginCount | Should -Be 1
        $back.uid | Should -Be ($devices | Select-Object -First 3).uid
        $faults[0].FullyQualifiedErrorId | Should -BeLike 'DrmmNotFound,*'
        $expected = ($devices | Select-Object -First 3 | Get-DrmmAlert).alertUid
        ($back | Get-DrmmAlert).alertUid | Should -Be $expected
    }
}

Describe 'Start-ThreadJob' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
    BeforeEach {
        Clear-Received $sim
    }

    It 'uses the connection of this process' {
        $job = Start-ThreadJob -ArgumentList $module -ScriptBlock {
            param($module)
            Import-Module $module
            Get-DrmmDevice
        }

        @($job | Receive-Job -Wait -AutoRemoveJob).uid | Should -Be $devices.uid
        Get-LoginCount | Should -Be 0
    }
}
